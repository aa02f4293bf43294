import { createAccumulator, mergeShorter } from '../../records/accumulator.ts';
import { ACTIVITIES, type SubjectPartial } from '../../records/subject-window.ts';
import { HOUR, MINUTE } from '../../records/window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { createMembers, mergeMembers } from '../members.ts';
import { bySubject, type SubjectParts } from './parts.ts';

/**
 * Minutes of the hour that is still open: very loud subjects are judged on them every quarter of an hour, instead of after the hour. A quarter in whose
 * last minute the subject did nothing is left out: whether it is judged must depend on nobody else.
 */
export interface LoudMinutes {
  /** Minutes that are quiet even for an hour's worth are left out: most subjects are never loud, and keeping their minutes would cost as much as their hours. */
  add(subject: SubjectParts, leastCalls: number): void;
  /** What is known of a subject's open hour at `end`, when it ends a quarter of an hour and the subject is loud enough by then; null otherwise. */
  judgedAt(subjectId: string, end: number, leastCalls: number): SubjectParts | null;
  /** The hour is final: it speaks for itself. */
  forget(subjectId: string): void;
}

const QUARTER = 15 * MINUTE;
/** Times the calls that the rules ask for: only a part of the hour is known, and only what a quarter shows must not look even by being cut up. */
export const LOUD = 4;
export const MINUTES = HOUR / MINUTE;

export function createLoudMinutes(tables: StateTables): LoudMinutes {
  const open = tables.table<SubjectPartial>('open-minutes');

  const addPart = (partial: SubjectPartial): void => {
    const { subject_id, activity, window_end, accumulator, members } = partial;
    const start = window_end - MINUTE;
    const hour = Math.floor(start / HOUR) * HOUR;
    const key = `${subject_id} ${activity}`;
    const known = open.get(key) ?? {
      ...partial,
      window_size: 'hour' as const,
      window_end: hour + HOUR,
      accumulator: createAccumulator(),
      members: createMembers(),
    };
    mergeShorter(known.accumulator, accumulator, 'hour', hour, start);
    // Evenness is told by whole hours: accounts have a call a minute at most, which looks even whoever they are.
    mergeMembers(known.members, { ...members, calls_histogram: [] });
    open.set(key, known);
  };

  return {
    add({ whole, parts }, leastCalls) {
      if (whole.accumulator.calls * MINUTES < LOUD * leastCalls) return;
      for (const partial of parts.values()) addPart(partial);
    },
    judgedAt(subjectId, end, leastCalls) {
      if (end % QUARTER !== 0 || end % HOUR === 0) return null;
      const [subject] = bySubject(ACTIVITIES.flatMap((activity) => open.get(`${subjectId} ${activity}`) ?? []));
      return subject !== undefined && subject.whole.accumulator.calls >= LOUD * leastCalls ? subject : null;
    },
    forget(subjectId) {
      for (const activity of ACTIVITIES) open.delete(`${subjectId} ${activity}`);
    },
  };
}
