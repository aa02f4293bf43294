import type { AlertEvent } from '../../records/alert.ts';
import { ACTIVITIES, type Activity, type SubjectPartial } from '../../records/subject-window.ts';
import { HOUR } from '../../records/window.ts';
import { levelFrom } from '../harvest-limits.ts';
import { accountCount } from '../members.ts';
import { asOne, judgedApart, othersAt } from './defendant.ts';
import type { GroupShares } from './groups.ts';
import { LONG_SPAN, SHORT_SPAN, type Sum } from './history.ts';
import type { Judged } from './judging.ts';
import { rank } from './lifecycle.ts';
import { type SubjectParts, sumOfActivities } from './parts.ts';
import { observe } from './subject-state.ts';
import type { TrialDeps } from './trial.ts';
import type { Judgement } from './verdict.ts';
import { areOthersAlike, asAWhole, rememberPage } from './whole.ts';

/** A part of an hour of a very loud subject: may open or raise an alert, never lower one. */
export function createJudgeLoud({ docket, history, hearing, sentencing }: TrialDeps) {
  return (subject: SubjectParts, end: number): AlertEvent[] => {
    const { whole: window } = subject;
    const known = docket.stateOf(window);
    const everybody = asOne(known, window);
    const alerts: AlertEvent[] = [];
    const from = Math.floor((end - 1) / HOUR) * HOUR;
    const judgeOpen = (one: SubjectPartial, activities: readonly Activity[], pool: Judged | null): Judged => {
      const { accumulator, members } = one;
      const sum: Sum = { accumulator, members, hours: 0, span: 0 };
      return hearing.on({ state: docket.stateOf(one), activities, window: one }, pool, sum, from, end);
    };
    // Minutes do not tell how evenly accounts are used: the hours before do, if there were any.
    const before = history.sum(window.subject_id, ACTIVITIES, end, SHORT_SPAN);
    const pool = before.hours === 0 ? null : hearing.on(everybody, null, before, from, end);
    const level = hearing.level(known);
    const others = sumOfActivities(subject, othersAt(level));
    const judgeOthers = (): Judgement | null =>
      others === null ? null : judgeOpen(others, othersAt(level), pool).judgement;
    const sharesNow = (): GroupShares => history.shares(window.subject_id, end, LONG_SPAN, level);
    const ofEverybodyIn = ({ judgement }: Judged): Judgement => {
      const othersAreAlike = areOthersAlike(judgement, levelFrom(level), sharesNow, judgeOthers);
      return asAWhole(judgement, { hasParts: false, othersAreAlike, isMixedUp: end < known.mixedUntil });
    };
    const defendants = known.separate.length === 0 ? [everybody] : judgedApart(known, subject, docket);
    for (const { state, activities, window: one } of defendants) {
      const ofOne = judgeOpen(one, activities, pool);
      const judged = one === window ? { ...ofOne, judgement: ofEverybodyIn(ofOne) } : ofOne;
      const { verdict, severity } = judged.judgement;
      const raises =
        severity !== null && (state.alert?.status !== 'open' || rank(severity) > rank(state.alert.severity));
      if (!raises || verdict === null) continue;
      observe(state, one);
      if (severity === 'page') rememberPage(state, sharesNow(), accountCount(one.members));
      alerts.push(...sentencing.loud(state, { verdict, severity }, judged, one.accumulator.calls, end));
      docket.save(state, end);
    }
    return alerts;
  };
}
