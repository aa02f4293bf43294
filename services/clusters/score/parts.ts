import { createAccumulator, mergeAccumulators } from '../../records/accumulator.ts';
import type { Activity, SubjectPartial } from '../../records/subject-window.ts';
import { createMembers, mergeMembers } from '../members.ts';
import { addEvidence } from '../premerge/evidence.ts';

/** One window of a subject: its parts by activity and their sum. A loud account has one part. */
export interface SubjectParts {
  whole: SubjectPartial;
  parts: ReadonlyMap<Activity, SubjectPartial>;
}

/** Takes another partition's contribution to the same part of the same window into `into`. */
export function mergePart(into: SubjectPartial, from: SubjectPartial): void {
  mergeAccumulators(into.accumulator, from.accumulator);
  mergeMembers(into.members, from.members);
  addEvidence(into.evidence, from.evidence);
}

/** Windows of one size and end by subject, in the order of their ids. */
export function bySubject(partials: readonly SubjectPartial[]): SubjectParts[] {
  const subjects = new Map<string, Map<Activity, SubjectPartial>>();
  for (const partial of partials) {
    const parts = subjects.get(partial.subject_id) ?? new Map<Activity, SubjectPartial>();
    subjects.set(partial.subject_id, parts.set(partial.activity, partial));
  }
  return [...subjects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, parts]) => ({ whole: sumOf([...parts.values()]), parts }));
}

/** The sum of the parts of these activities; null where there are none. */
export function sumOfActivities({ parts }: SubjectParts, activities: readonly Activity[]): SubjectPartial | null {
  const chosen = activities.flatMap((activity) => parts.get(activity) ?? []);
  return chosen.length === 0 ? null : sumOf(chosen);
}

function sumOf(parts: readonly SubjectPartial[]): SubjectPartial {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('a subject without a part');
  if (rest.length === 0) return first;
  // The parts are kept, so the sum is made anew.
  const sum = { ...first, accumulator: createAccumulator(), members: createMembers(), evidence: [] };
  for (const part of parts) mergePart(sum, part);
  return sum;
}
