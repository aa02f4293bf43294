import {
  clusterOfSubject,
  SUB_ACTIVITIES,
  type SubActivity,
  type SubjectPartial,
  subjectOf,
} from '../../records/subject-window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { createTimeline } from '../timeline.ts';
import type { History } from './history.ts';
import { dueTime } from './lifecycle.ts';
import { createSubject, type SubjectState } from './subject-state.ts';

/** What is known of every subject, and when each is to be looked at though nothing comes of it. */
export interface Docket {
  known(subjectId: string): SubjectState | undefined;
  /** What is known of a window's subject; of a new one nothing, and not kept until it is saved. */
  stateOf(window: SubjectPartial): SubjectState;
  /** Sub-populations of a cluster of which something is known. */
  subPopulations(clusterId: string): { activity: SubActivity; state: SubjectState }[];
  save(state: SubjectState, time: number): void;
  forget(state: SubjectState): void;
  /** The earliest time at which a subject is due; Infinity: none is. */
  nextDue(): number;
  /** Those due at a time, which they are no longer. */
  take(time: number): SubjectState[];
}

export interface DocketDeps {
  history: Pick<History, 'forget'>;
  /** Milliseconds without cause after which an alert resolves. */
  quietAt(time: number): number;
}

export function createDocket(tables: StateTables, { history, quietAt }: DocketDeps): Docket {
  const subjects = tables.table<SubjectState>('subjects');
  const timers = createTimeline(tables.table<string>('timers'));
  return {
    known: (subjectId) => subjects.get(subjectId),
    stateOf: ({ subject_type, subject_id, profile }) =>
      subjects.get(subject_id) ?? createSubject(subject_type, subject_id, profile),
    subPopulations: (clusterId) =>
      SUB_ACTIVITIES.flatMap((activity) => {
        const state = subjects.get(subjectOf(clusterId, activity));
        return state === undefined ? [] : { activity, state };
      }),
    save(state, time) {
      if (state.due !== null) timers.delete(state.due, state.subjectId);
      state.due = dueTime(state, quietAt(time));
      timers.set(state.due, state.subjectId, state.subjectId);
      subjects.set(state.subjectId, state);
    },
    forget({ subjectId, due }) {
      if (due !== null) timers.delete(due, subjectId);
      subjects.delete(subjectId);
      // Hours are the cluster's, and its sub-populations' with them.
      if (clusterOfSubject(subjectId) === subjectId) history.forget(subjectId);
    },
    nextDue: () => timers.next(),
    take: (time) =>
      timers.take(time).flatMap((subjectId) => {
        const state = subjects.get(subjectId);
        if (state === undefined) return [];
        state.due = null;
        return state;
      }),
  };
}
