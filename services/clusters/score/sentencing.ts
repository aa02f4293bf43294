import type { AlertEvent } from '../../records/alert.ts';
import { HOUR } from '../../records/window.ts';
import type { Rules } from '../../rules/schema.ts';
import { type AlertingDeps, alertId, moveJudged, moveQuietly } from './alerting.ts';
import type { Docket } from './docket.ts';
import { subGroupOf } from './groups.ts';
import type { Judged } from './judging.ts';
import { type Deserved, type Move, nextMove, rank } from './lifecycle.ts';
import type { SubjectState } from './subject-state.ts';

/** Moves the alerts of subjects on: what was judged, what time brings, and which of two stands for both. */
export interface Sentencing {
  judged(state: SubjectState, judged: Judged, end: number): AlertEvent[];
  /** What a part of an hour deserves; `pending`: its calls, which are not counted on the subject yet. */
  loud(state: SubjectState, deserved: Deserved, judged: Judged, pending: number, end: number): AlertEvent[];
  /** Nothing has come of it for so long. */
  quiet(state: SubjectState, time: number): AlertEvent[];
  /** The cluster is no more, and its accounts are in another. */
  merged(state: SubjectState, into: string, end: number): AlertEvent[];
  /** One campaign has one alert that stands: either that of the whole or that of its part, and the other says which. */
  settle(whole: SubjectState, end: number): AlertEvent[];
}

export interface SentencingDeps extends Omit<AlertingDeps, 'rules'> {
  docket: Pick<Docket, 'subPopulations' | 'save'>;
  rulesAt(time: number): Rules;
  /** Milliseconds without cause after which an alert resolves. */
  quietAt(time: number): number;
}

export function createSentencing({ docket, rulesAt, quietAt, ...deps }: SentencingDeps): Sentencing {
  const alertingAt = (time: number): AlertingDeps => ({ ...deps, rules: rulesAt(time) });
  const quietly = (state: SubjectState, end: number, move: Move, why: string): AlertEvent[] => {
    const event = moveQuietly(state, move, end, why, alertingAt(end));
    return event === null ? [] : [event];
  };
  const resolve = (state: SubjectState, end: number, why: string): AlertEvent[] => {
    if (state.alert?.status !== 'open') return [];
    const { verdict, severity } = state.alert;
    return quietly(state, end, { type: 'stillwatch.alert.resolved', verdict, severity }, why);
  };

  return {
    judged(state, judged, end) {
      const move = nextMove(state, judged.judgement, end, quietAt(end));
      if (move === null) return [];
      if (move.type === 'stillwatch.alert.resolved') return quietly(state, end, move, quietFor(quietAt(end)));
      return [moveJudged(state, move, judged, 0, end, alertingAt(end))];
    },
    loud(state, deserved, judged, pending, end) {
      const move = nextMove(state, deserved, end, quietAt(end));
      return move === null ? [] : [moveJudged(state, move, judged, pending, end, alertingAt(end))];
    },
    quiet(state, time) {
      const quiet = quietAt(time);
      const move = nextMove(state, { verdict: null, severity: null }, time, quiet);
      if (move === null) return [];
      const isOver = move.type === 'stillwatch.alert.resolved';
      const why = isOver ? quietFor(quiet) : `Lowered: nothing as severe for ${quiet / 2 / HOUR} hours.`;
      return quietly(state, time, move, why);
    },
    merged: (state, into, end) =>
      resolve(state, end, `Resolved: the cluster is now part of ${into}, for which ${alertId(into)} stands.`),
    settle(whole, end) {
      const open = docket
        .subPopulations(whole.subjectId)
        .filter(({ state }) => state.alert?.status === 'open')
        .map(({ activity, state }) => ({
          part: state,
          group: subGroupOf(activity),
          isApart: whole.separate.includes(activity),
        }));
      const events: AlertEvent[] = [];
      for (const { part, group, isApart } of open) {
        if (isApart) {
          if (!standsFor(whole, part) || part.alert?.verdict !== 'harvesting') continue;
          const narrowed = `Resolved: it is a part of the cluster that this is about, and ${alertId(part.subjectId)} stands for it.`;
          events.push(...resolve(whole, end, narrowed));
          continue;
        }
        const heir = open.find((other) => other.isApart && other.group === group && standsFor(other.part, part))?.part;
        const why = standsFor(whole, part)
          ? `Resolved: nearly the whole cluster does the same, and ${alertId(whole.subjectId)} stands for it.`
          : heir &&
            `Resolved: another share is a harvest by what customers ask for now, and ${alertId(heir.subjectId)} stands for it.`;
        if (why === undefined) continue;
        events.push(...resolve(part, end, why));
        docket.save(part, end);
      }
      return events;
    },
  };
}

/** Whether an alert is open that says at least as much. */
function standsFor(one: SubjectState, other: SubjectState): boolean {
  return one.alert?.status === 'open' && other.alert !== null && rank(one.alert.severity) >= rank(other.alert.severity);
}

function quietFor(quiet: number): string {
  return `Resolved: no cause for ${quiet / HOUR} hours.`;
}
