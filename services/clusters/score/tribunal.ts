import type { AlertEvent } from '../../records/alert.ts';
import type { Rules } from '../../rules/schema.ts';
import type { StateTables } from '../../stream/state-table.ts';
import type { AlertingDeps } from './alerting.ts';
import { judgedApart } from './defendant.ts';
import { createDocket } from './docket.ts';
import { createHearing } from './hearing.ts';
import { createHistory } from './history.ts';
import { createJudgeHour } from './judge-hour.ts';
import { createJudgeLoud } from './judge-loud.ts';
import type { JudgingDeps } from './judging.ts';
import { isForgotten, quietTime } from './lifecycle.ts';
import type { SubjectParts } from './parts.ts';
import { createSentencing } from './sentencing.ts';
import type { Scored, Sentence, TrialDeps } from './trial.ts';

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

export interface TribunalDeps extends Omit<JudgingDeps, 'rules'>, Omit<AlertingDeps, 'rules'> {
  rulesAt(time: number): Rules;
}

export function createTribunal(tables: StateTables, deps: TribunalDeps): Tribunal {
  const { rulesAt } = deps;
  const quietAt = (time: number): number => quietTime(rulesAt(time).alerts.resolve_after_quiet_hours);
  const history = createHistory(tables);
  const docket = createDocket(tables, { history, quietAt });
  const hearing = createHearing({ ...deps, history });
  const sentencing = createSentencing({ ...deps, docket, quietAt });
  const trial: TrialDeps = { docket, history, hearing, sentencing, rulesAt };
  return {
    hour: createJudgeHour(trial),
    loud: createJudgeLoud(trial),
    unjudged(subject) {
      const { whole } = subject;
      const known = docket.known(whole.subject_id);
      const apart = known === undefined ? [] : judgedApart(known, subject, docket);
      return [whole, ...apart.map(({ window }) => window)].map((window) => ({ window, judged: null }));
    },
    merged(clusterId, into, end) {
      const known = docket.known(clusterId);
      const parts = docket.subPopulations(clusterId).map(({ state }) => state);
      return [...parts, ...(known === undefined ? [] : [known])].flatMap((state) => {
        const events = sentencing.merged(state, into, end);
        docket.forget(state);
        return events;
      });
    },
    nextDue: docket.nextDue,
    visit: (time) =>
      docket.take(time).flatMap((state) => {
        if (isForgotten(state, time)) {
          docket.forget(state);
          return [];
        }
        const events = sentencing.quiet(state, time);
        docket.save(state, time);
        return events;
      }),
  };
}
