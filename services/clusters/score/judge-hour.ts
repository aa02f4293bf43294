import { SUB_ACTIVITIES } from '../../records/subject-window.ts';
import { HOUR } from '../../records/window.ts';
import { levelFrom } from '../harvest-limits.ts';
import { asOne, othersAt, subPopulation } from './defendant.ts';
import { accountsIn, subActivityOf, subGroupOf } from './groups.ts';
import { LONG_SPAN } from './history.ts';
import type { SubjectParts } from './parts.ts';
import { separateGroups } from './sub-populations.ts';
import { countHour } from './subject-state.ts';
import type { Sentence, TrialDeps } from './trial.ts';
import { areOthersAlike, areStrangersIn, asAWhole, asHeld, hasGrownUnlike, rememberPage } from './whole.ts';

/** An hour of a subject that is final: the whole is judged, and those of its sub-populations that answer for themselves. */
export function createJudgeHour({ docket, history, hearing, sentencing, rulesAt }: TrialDeps) {
  return (subject: SubjectParts, end: number): Sentence => {
    const { whole: window, parts } = subject;
    const whole = docket.stateOf(window);
    for (const part of parts.values()) history.add(part);
    countHour(whole, window);
    const ofWhole = asOne(whole, window);
    const ofEverybody = hearing.onRecentHours(ofWhole, null, end);
    const level = hearing.level(whole);
    const shares = history.shares(whole.subjectId, end, LONG_SPAN, level);
    const othersAreAlike = areOthersAlike(
      ofEverybody.judgement,
      levelFrom(level),
      () => shares,
      () => hearing.onRecentHours({ ...ofWhole, activities: othersAt(level) }, ofEverybody, end).judgement,
    );
    const subs =
      whole.subjectType === 'cluster' ? SUB_ACTIVITIES.flatMap((sub) => subPopulation(subject, sub, docket)) : [];
    for (const { state, window: part } of subs) {
      countHour(state, part);
      docket.save(state, end);
    }
    if (whole.subjectType === 'cluster') {
      const before = whole.separate.map(subGroupOf);
      const strangers = areStrangersIn(shares, whole, before.includes('product'));
      const limits = {
        leastAccounts: rulesAt(end).alerts.least_cluster_accounts,
        harvestsFrom: levelFrom(level),
        areStrangersIn: strangers,
      };
      const separate = othersAreAlike === true && !strangers ? [] : separateGroups(shares, before, limits);
      whole.separate = separate.map((group) => subActivityOf(group, level));
    }
    const { product_marked: part, fingerprinted } = window.accumulator;
    if (hasGrownUnlike({ part, whole: fingerprinted }, shares, whole.accountsAtPage))
      whole.mixedUntil = end + LONG_SPAN * HOUR;
    const judgement = asAWhole(ofEverybody.judgement, {
      hasParts: whole.separate.length > 0,
      othersAreAlike,
      isMixedUp: end < whole.mixedUntil,
    });
    const accounts = accountsIn(shares);
    if (judgement.severity === 'page') rememberPage(whole, shares);
    const judged = { ...ofEverybody, judgement: asHeld(judgement, whole.accountsAtPage, accounts) };
    const sentence: Sentence = { windows: [{ window, judged }], alerts: [] };
    for (const defendant of subs) {
      const { state, window: latest } = defendant;
      if (!whole.separate.some((sub) => sub === latest.activity)) continue;
      const ofPart = hearing.onRecentHours(defendant, judged, end);
      sentence.windows.push({ window: latest, judged: ofPart });
      sentence.alerts.push(...sentencing.judged(state, ofPart, end));
      docket.save(state, end);
    }
    sentence.alerts.push(...sentencing.judged(whole, judged, end), ...sentencing.settle(whole, end));
    docket.save(whole, end);
    return sentence;
  };
}
