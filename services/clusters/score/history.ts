import { type Accumulator, createAccumulator, mergeAccumulators } from '../../records/accumulator.ts';
import { createSketch, estimate, mergeSketch } from '../../records/distinct-sketch.ts';
import {
  ACTIVITIES,
  type Activity,
  type Members,
  type ProductLevel,
  type SubjectPartial,
} from '../../records/subject-window.ts';
import { HOUR } from '../../records/window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { createMembers, mergeMembers } from '../members.ts';
import { activitiesIn, GROUPS, type Group, type GroupShare, type GroupShares } from './groups.ts';

/** What calls and accounts of some hours come to together. */
export interface Sum {
  accumulator: Accumulator;
  members: Members;
  /** Hours with a call, of as many as were looked at; both 0 for a part of one hour. */
  hours: number;
  span: number;
}

/** Hours of clusters and loud accounts, by activity. Each is an entry of its own in the state, so that an hour costs an hour to save. */
export interface History {
  /** Takes in an hour and forgets those of the subject that are no longer looked at. */
  add(partial: SubjectPartial): void;
  /** The last `hours` hours up to `end` as one, of the activities named. */
  sum(subjectId: string, activities: readonly Activity[], end: number, hours: number): Sum;
  /** Hours of the last day with a call. */
  hoursActive(subjectId: string, activities: readonly Activity[], end: number): number;
  /** How many accounts do what, in the last `hours` hours, where it takes this level to harvest. */
  shares(subjectId: string, end: number, hours: number, level: ProductLevel): GroupShares;
  forget(subjectId: string): void;
}

/** A quiet campaign says too little in one hour; a small one says enough only in a day. */
export const SHORT_SPAN = 6;
export const LONG_SPAN = 24;

export function createHistory(tables: StateTables): History {
  const hours = tables.table<{ accumulator: Accumulator; members: Members }>('hours');
  const ends = tables.table<number[]>('hour-ends');
  const keyOf = (subjectId: string, activity: Activity, end: number): string => `${subjectId} ${activity} ${end}`;
  const drop = (subjectId: string, end: number): void => {
    for (const activity of ACTIVITIES) hours.delete(keyOf(subjectId, activity, end));
  };

  return {
    add({ subject_id, activity, window_end, accumulator, members }) {
      hours.set(keyOf(subject_id, activity, window_end), { accumulator, members });
      const known = ends.get(subject_id) ?? [];
      const kept = known.filter((end) => window_end - end < LONG_SPAN * HOUR);
      for (const end of known) if (!kept.includes(end)) drop(subject_id, end);
      ends.set(subject_id, kept.includes(window_end) ? kept : [...kept, window_end]);
    },
    sum(subjectId, activities, end, span) {
      const sum: Sum = { accumulator: createAccumulator(), members: createMembers(), hours: 0, span };
      for (const hour of ends.get(subjectId) ?? []) {
        if (end - hour >= span * HOUR) continue;
        const parts = activities.flatMap((activity) => hours.get(keyOf(subjectId, activity, hour)) ?? []);
        for (const part of parts) {
          mergeAccumulators(sum.accumulator, part.accumulator);
          mergeMembers(sum.members, part.members);
        }
        if (parts.length > 0) sum.hours++;
      }
      // Arrivals of different hours do not belong into the same bins.
      sum.accumulator.arrivals = [];
      return sum;
    },
    hoursActive(subjectId, activities, end) {
      const known = (ends.get(subjectId) ?? []).filter((hour) => end - hour < LONG_SPAN * HOUR);
      return known.filter((hour) => activities.some((activity) => hours.has(keyOf(subjectId, activity, hour)))).length;
    },
    shares(subjectId, end, span, level) {
      const recent = (ends.get(subjectId) ?? []).filter((hour) => end - hour < span * HOUR);
      const partsAt = (hour: number, activities: readonly Activity[]) =>
        activities.flatMap((activity) => hours.get(keyOf(subjectId, activity, hour)) ?? []);
      const seen = (activities: readonly Activity[]): number => {
        const accounts = createSketch();
        for (const hour of recent)
          for (const { members } of partsAt(hour, activities)) mergeSketch(accounts, members.accounts);
        return estimate(accounts);
      };
      const shareOf = (group: Group): GroupShare => {
        const activities = activitiesIn(group, level);
        const marked = { part: 0, whole: 0 };
        let uses = 0;
        let templates = 0;
        for (const hour of recent) {
          // Accounts at different levels may well share a template.
          const ofHour = createSketch();
          for (const { accumulator, members } of partsAt(hour, activities)) {
            marked.part += accumulator.product_marked;
            marked.whole += accumulator.fingerprinted;
            uses += members.template_uses;
            mergeSketch(ofHour, accumulator.distinct_templates);
          }
          templates += estimate(ofHour);
        }
        return { accounts: seen(activities), marked, accountsPerTemplate: templates === 0 ? null : uses / templates };
      };
      const decided = GROUPS.filter((group) => group !== 'undecided').flatMap((group) => activitiesIn(group, level));
      return {
        product: shareOf('product'),
        agentic: shareOf('agentic'),
        other: shareOf('other'),
        undecided: { ...shareOf('undecided'), accounts: Math.max(0, seen(ACTIVITIES) - seen(decided)) },
      };
    },
    forget(subjectId) {
      for (const end of ends.get(subjectId) ?? []) drop(subjectId, end);
      ends.delete(subjectId);
    },
  };
}
