import type { AlertEvent } from '../../records/alert.ts';
import {
  ACTIVITIES,
  type Activity,
  activitiesOf,
  clusterOfSubject,
  type ProductLevel,
  SUB_ACTIVITIES,
  type SubActivity,
  type SubjectPartial,
  subjectOf,
} from '../../records/subject-window.ts';
import { HOUR } from '../../records/window.ts';
import type { Rules } from '../../rules/schema.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { harvestLevel, levelFrom } from '../harvest-limits.ts';
import { accountCount } from '../members.ts';
import { createTimeline } from '../timeline.ts';
import { type AlertingDeps, alertId, moveJudged, moveQuietly } from './alerting.ts';
import { accountsIn, type GroupShares, subActivityOf, subGroupOf } from './groups.ts';
import { createHistory, LONG_SPAN, SHORT_SPAN, type Sum } from './history.ts';
import { type Judged, type JudgingDeps, judgeCase } from './judging.ts';
import { dueTime, isForgotten, nextMove, quietTime, rank } from './lifecycle.ts';
import { type SubjectParts, sumOfActivities } from './parts.ts';
import { separateGroups } from './sub-populations.ts';
import { countHour, createSubject, observe, type SubjectState } from './subject-state.ts';
import type { Judgement } from './verdict.ts';
import { areOthersAlike, asAWhole, asHeld, hasGrownUnlike } from './whole.ts';

/** A window of a subject with what was made of it; null: it was not judged. */
export interface Scored {
  window: SubjectPartial;
  judged: Judged | null;
}

/** What is said of a subject at one time. */
export interface Sentence {
  windows: Scored[];
  alerts: AlertEvent[];
}

/** Keeps what is known of every subject, judges them, and moves their alerts on. */
export interface Tribunal {
  /** An hour that is final. */
  hour(subject: SubjectParts, end: number): Sentence;
  /** A part of an hour of a very loud subject: may open or raise an alert, never lower one. */
  loud(subject: SubjectParts, end: number): AlertEvent[];
  /** The window, and those of the sub-populations that are judged by themselves at this time. */
  unjudged(subject: SubjectParts): Scored[];
  /** The cluster is no more, and its accounts are in another. */
  merged(clusterId: string, into: string, end: number): AlertEvent[];
  /** Next time at which something is due though nothing comes. */
  nextDue(): number;
  visit(time: number): AlertEvent[];
}

interface Defendant {
  state: SubjectState;
  activities: readonly Activity[];
  window: SubjectPartial;
}

export interface TribunalDeps extends Omit<JudgingDeps, 'rules'>, Omit<AlertingDeps, 'rules'> {
  rulesAt(time: number): Rules;
}

export function createTribunal(tables: StateTables, deps: TribunalDeps): Tribunal {
  const subjects = tables.table<SubjectState>('subjects');
  const timers = createTimeline(tables.table<string>('timers'));
  const history = createHistory(tables);
  const limitsAt = (time: number): Rules['alerts'] => deps.rulesAt(time).alerts;
  const quietAt = (time: number): number => quietTime(limitsAt(time).resolve_after_quiet_hours);
  const alertingAt = (time: number): AlertingDeps => ({ ...deps, rules: deps.rulesAt(time) });

  const save = (state: SubjectState, time: number): void => {
    if (state.due !== null) timers.delete(state.due, state.subjectId);
    state.due = dueTime(state, quietAt(time));
    timers.set(state.due, state.subjectId, state.subjectId);
    subjects.set(state.subjectId, state);
  };
  const forget = ({ subjectId, due }: SubjectState): void => {
    if (due !== null) timers.delete(due, subjectId);
    subjects.delete(subjectId);
    if (clusterOfSubject(subjectId) === subjectId) history.forget(subjectId);
  };
  const stateOf = ({ subject_type, subject_id, profile }: SubjectPartial): SubjectState =>
    subjects.get(subject_id) ?? createSubject(subject_type, subject_id, profile);
  const subPopulations = (clusterId: string): SubjectState[] =>
    SUB_ACTIVITIES.flatMap((activity) => subjects.get(subjectOf(clusterId, activity)) ?? []);

  /** What is known of a sub-population and its window; none when it did nothing in it. */
  const partOf = (subject: SubjectParts, sub: SubActivity): Defendant[] => {
    const activities = activitiesOf(sub);
    const part = sumOfActivities(subject, activities);
    if (part === null) return [];
    const window = { ...part, subject_id: subjectOf(part.subject_id, sub), activity: sub };
    return [{ state: stateOf(window), activities, window }];
  };
  /** Those of its sub-populations that are judged by themselves. */
  const apart = ({ separate }: SubjectState, subject: SubjectParts): Defendant[] =>
    separate.flatMap((sub) => partOf(subject, sub));
  /** From which level on accounts harvest, by what everybody asks for. */
  const levelNow = (): ProductLevel => harvestLevel(deps.baseline.mean('hour', [], 'product_share'));

  const judge = (
    { state, activities, window }: Defendant,
    pool: Judged | null,
    sum: Sum,
    from: number,
    end: number,
  ): Judged => {
    const { subjectType, subjectId, profile, evidence } = state;
    const hoursActive = history.hoursActive(clusterOfSubject(subjectId), activities, end);
    return judgeCase(
      { subjectType, subjectId, profile, sum, latest: window, evidence, hoursActive, pool, from, end },
      { ...deps, rules: deps.rulesAt(end) },
    );
  };

  /**
   * On the last hours, or on the last day where they hold too few calls to say anything: the shortest span that does. Repetition grows with the number of
   * calls that are looked at, whoever makes them: a span longer than needed would make every busy pool look like a queue that is worked off.
   */
  const judgeSpans = (defendant: Defendant, pool: Judged | null, end: number): Judged => {
    const of = clusterOfSubject(defendant.state.subjectId);
    const short = history.sum(of, defendant.activities, end, SHORT_SPAN);
    const span = short.accumulator.calls >= limitsAt(end).least_calls ? SHORT_SPAN : LONG_SPAN;
    const sum = span === SHORT_SPAN ? short : history.sum(of, defendant.activities, end, LONG_SPAN);
    return judge(defendant, pool, sum, end - (span - 1) * HOUR, end);
  };

  const sentence = ({ state }: Defendant, judged: Judged, end: number): AlertEvent[] => {
    const move = nextMove(state, judged.judgement, end, quietAt(end));
    if (move === null) return [];
    if (move.type === 'stillwatch.alert.resolved') return quietly(state, end, move, quietFor(quietAt(end)));
    return [moveJudged(state, move, judged, 0, end, alertingAt(end))];
  };
  const quietly = (
    state: SubjectState,
    end: number,
    move: Parameters<typeof moveQuietly>[1],
    why: string,
  ): AlertEvent[] => {
    const event = moveQuietly(state, move, end, why, alertingAt(end));
    return event === null ? [] : [event];
  };
  const resolve = (state: SubjectState, end: number, why: string): AlertEvent[] => {
    if (state.alert?.status !== 'open') return [];
    const { verdict, severity } = state.alert;
    return quietly(state, end, { type: 'stillwatch.alert.resolved', verdict, severity }, why);
  };

  /** One campaign has one alert that stands: either that of the whole or that of its part, and the other says which. */
  const settle = (whole: SubjectState, end: number): AlertEvent[] => {
    const events: AlertEvent[] = [];
    for (const part of subPopulations(whole.subjectId)) {
      if (part.alert?.status !== 'open' || whole.alert?.status !== 'open') continue;
      if (rank(whole.alert.severity) < rank(part.alert.severity)) continue;
      const isApart = whole.separate.some((activity) => subjectOf(whole.subjectId, activity) === part.subjectId);
      if (!isApart) {
        const absorbed = `Resolved: nearly the whole cluster does the same, and ${alertId(whole.subjectId)} stands for it.`;
        events.push(...resolve(part, end, absorbed));
        save(part, end);
      } else if (part.alert.verdict === 'harvesting') {
        const narrowed = `Resolved: it is a part of the cluster that this is about, and ${alertId(part.subjectId)} stands for it.`;
        events.push(...resolve(whole, end, narrowed));
      }
    }
    return events;
  };

  const hour = (subject: SubjectParts, end: number): Sentence => {
    const { whole: window, parts } = subject;
    const whole = stateOf(window);
    for (const part of parts.values()) history.add(part);
    countHour(whole, window);
    const ofWhole: Defendant = { state: whole, activities: ACTIVITIES, window };
    const ofEverybody = judgeSpans(ofWhole, null, end);
    const level = levelNow();
    const shares = history.shares(whole.subjectId, end, LONG_SPAN, level);
    const othersAreAlike = areOthersAlike(
      ofEverybody.judgement,
      levelFrom(level),
      () => shares,
      () => judgeSpans({ ...ofWhole, activities: othersAt(level) }, ofEverybody, end).judgement,
    );
    const subs = whole.subjectType === 'cluster' ? SUB_ACTIVITIES.flatMap((sub) => partOf(subject, sub)) : [];
    if (whole.subjectType === 'cluster') {
      for (const { state, window: part } of subs) {
        countHour(state, part);
        save(state, end);
      }
      const limits = { leastAccounts: limitsAt(end).least_cluster_accounts, harvestsFrom: levelFrom(level) };
      const separate = othersAreAlike === true ? [] : separateGroups(shares, whole.separate.map(subGroupOf), limits);
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
    if (judgement.severity === 'page') whole.accountsAtPage = accounts;
    const judged = { ...ofEverybody, judgement: asHeld(judgement, whole.accountsAtPage, accounts) };
    const windows: Scored[] = [{ window, judged }];
    const alerts: AlertEvent[] = [];
    for (const defendant of subs) {
      if (!whole.separate.some((sub) => sub === defendant.window.activity)) continue;
      const ofPart = judgeSpans(defendant, judged, end);
      windows.push({ window: defendant.window, judged: ofPart });
      alerts.push(...sentence(defendant, ofPart, end));
      save(defendant.state, end);
    }
    alerts.push(...sentence(ofWhole, judged, end), ...settle(whole, end));
    save(whole, end);
    return { windows, alerts };
  };

  const loud = (subject: SubjectParts, end: number): AlertEvent[] => {
    const { whole: window } = subject;
    const known = stateOf(window);
    const alerts: AlertEvent[] = [];
    const judgeOpen = (one: SubjectPartial, activities: readonly Activity[], pool: Judged | null): Judged => {
      const { accumulator, members } = one;
      const sum: Sum = { accumulator, members, hours: 0, span: 0 };
      return judge({ state: stateOf(one), activities, window: one }, pool, sum, windowStartOf(end), end);
    };
    // Minutes do not tell how evenly accounts are used: the hours before do, if there were any.
    const before = history.sum(window.subject_id, ACTIVITIES, end, SHORT_SPAN);
    const pool =
      before.hours === 0
        ? null
        : judge({ state: known, activities: ACTIVITIES, window }, null, before, windowStartOf(end), end);
    const level = levelNow();
    const others = sumOfActivities(subject, othersAt(level));
    const judgeOthers = (): Judgement | null =>
      others === null ? null : judgeOpen(others, othersAt(level), pool).judgement;
    const sharesNow = (): GroupShares => history.shares(window.subject_id, end, LONG_SPAN, level);
    const ofEverybodyIn = ({ judgement }: Judged): Judgement => {
      const othersAreAlike = areOthersAlike(judgement, levelFrom(level), sharesNow, judgeOthers);
      return asAWhole(judgement, { hasParts: false, othersAreAlike, isMixedUp: end < known.mixedUntil });
    };
    const everybody: Defendant = { state: known, activities: ACTIVITIES, window };
    for (const { state, activities, window: one } of known.separate.length === 0
      ? [everybody]
      : apart(known, subject)) {
      const ofOne = judgeOpen(one, activities, pool);
      const judged = one === window ? { ...ofOne, judgement: ofEverybodyIn(ofOne) } : ofOne;
      const { accumulator } = one;
      const { verdict, severity } = judged.judgement;
      const raises =
        severity !== null && (state.alert?.status !== 'open' || rank(severity) > rank(state.alert.severity));
      if (!raises || verdict === null) continue;
      observe(state, one);
      if (severity === 'page') state.accountsAtPage = Math.max(accountCount(one.members), accountsIn(sharesNow()));
      const move = nextMove(state, { verdict, severity }, end, quietAt(end));
      if (move !== null) alerts.push(moveJudged(state, move, judged, accumulator.calls, end, alertingAt(end)));
      save(state, end);
    }
    return alerts;
  };

  return {
    hour,
    loud,
    unjudged(subject) {
      const { whole } = subject;
      const known = subjects.get(whole.subject_id);
      const windows = [whole, ...(known === undefined ? [] : apart(known, subject).map(({ window }) => window))];
      return windows.map((window) => ({ window, judged: null }));
    },
    merged(clusterId, into, end) {
      const gone = [...subPopulations(clusterId), ...(subjects.has(clusterId) ? [subjects.get(clusterId)] : [])];
      return gone.flatMap((state) => {
        if (state === undefined) return [];
        const why = `Resolved: the cluster is now part of ${into}, for which ${alertId(into)} stands.`;
        const events = resolve(state, end, why);
        forget(state);
        return events;
      });
    },
    nextDue: () => timers.next(),
    visit(time) {
      const quiet = quietAt(time);
      return timers.take(time).flatMap((subjectId) => {
        const state = subjects.get(subjectId);
        if (state === undefined) return [];
        state.due = null;
        if (isForgotten(state, time)) {
          forget(state);
          return [];
        }
        const move = nextMove(state, { verdict: null, severity: null }, time, quiet);
        const why =
          move?.type === 'stillwatch.alert.resolved'
            ? quietFor(quiet)
            : `Lowered: nothing as severe for ${quiet / 2 / HOUR} hours.`;
        const events = move === null ? [] : quietly(state, time, move, why);
        save(state, time);
        return events;
      });
    },
  };
}

/** A cluster without those of its accounts that are known to harvest. */
function othersAt(level: ProductLevel): readonly Activity[] {
  return ACTIVITIES.filter((activity) => !activitiesOf(level).includes(activity));
}

function quietFor(quiet: number): string {
  return `Resolved: no cause for ${quiet / HOUR} hours.`;
}

function windowStartOf(end: number): number {
  return Math.floor((end - 1) / HOUR) * HOUR;
}
