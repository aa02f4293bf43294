import type { AccountWindow } from '../../records/account-window.ts';
import { createAccumulator, mergeAccumulators } from '../../records/accumulator.ts';
import type { Assignment } from '../../records/assignment.ts';
import { addHash } from '../../records/distinct-sketch.ts';
import type { SubjectPartial } from '../../records/subject-window.ts';
import type { WindowSize } from '../../records/window.ts';
import { accountHash, addMember, createMembers } from '../members.ts';
import type { Affiliation } from './affiliations.ts';
import { createEvidenceSum, type EvidenceSum } from './evidence.ts';

/** Windows of one size and end, summed by cluster and activity. */
export function sumByCluster(
  windows: readonly { window: AccountWindow; affiliation: Affiliation }[],
  size: WindowSize,
  end: number,
): SubjectPartial[] {
  const sums = new Map<string, { partial: SubjectPartial; evidence: EvidenceSum }>();
  for (const { window, affiliation } of windows) {
    const { activity } = affiliation.activity;
    const key = `${affiliation.clusterId} ${activity}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      const partial = { ...emptyPartial('cluster', affiliation.clusterId, size, end), activity };
      sum = { partial, evidence: createEvidenceSum() };
      sums.set(key, sum);
    }
    mergeAccumulators(sum.partial.accumulator, window.accumulator);
    addMember(sum.partial.members, window);
    sum.evidence.add(affiliation.evidence);
  }
  return [...sums.values()].map(({ partial, evidence }) => ({ ...partial, evidence: evidence.sum() }));
}

/** A single account that is looked at alone. */
export function accountPartial(window: AccountWindow): SubjectPartial {
  const partial = {
    ...emptyPartial('account', window.account_id, window.window_size, window.window_end),
    accumulator: window.accumulator,
    profile: window.profile,
  };
  addMember(partial.members, window);
  return partial;
}

/** Clusters that these assignments put an end to: one record for each cluster and where its accounts went, with how many they are. */
export function mergedClusters(assignments: readonly Assignment[], at: number): SubjectPartial[] {
  const merged = new Map<string, SubjectPartial>();
  for (const { account_id, reason, previous_cluster_id: from, cluster_id: to } of assignments) {
    if (reason !== 'merged' || from === null || to === null) continue;
    const key = `${from} ${to}`;
    const known = merged.get(key) ?? { ...emptyPartial('cluster', from, 'minute', at), merged_into: to };
    addHash(known.members.accounts, accountHash(account_id));
    merged.set(key, known);
  }
  return [...merged.values()];
}

function emptyPartial(
  subject_type: SubjectPartial['subject_type'],
  subject_id: string,
  window_size: WindowSize,
  window_end: number,
): SubjectPartial {
  return {
    subject_type,
    subject_id,
    window_size,
    window_end,
    accumulator: createAccumulator(),
    members: createMembers(),
    profile: null,
    evidence: [],
    activity: 'undecided',
    merged_into: null,
  };
}
