import type { AccountWindow } from '../../records/account-window.ts';
import { createAccumulator, mergeAccumulators } from '../../records/accumulator.ts';
import type { Assignment, LinkEvidence } from '../../records/assignment.ts';
import type { BaselinePartial, SubjectPartial } from '../../records/subject-window.ts';
import { WINDOW_SIZES } from '../../records/window.ts';
import type { Emit, StepFactory } from '../../stream/step.ts';
import { baselineVotes } from '../baseline/votes.ts';
import { addMember, createMembers } from '../members.ts';
import { partitionOf } from '../partition.ts';
import { addEvidence } from './evidence.ts';
import { isLoud } from './loud.ts';

export interface PremergeInputs {
  account_windows: AccountWindow;
  assignments: Assignment;
}

export interface PremergeOutputs {
  subject_partials: SubjectPartial | BaselinePartial;
}

/** The assignment in force, and those that will be: an assignment may arrive before the windows that end when it takes effect. */
interface AccountAssignments {
  versions: { effective_at: number; cluster_id: string | null; evidence: LinkEvidence[] }[];
}

/**
 * Account windows joined with the assignments in force at their end, where both are partitioned by account, and merged by cluster: only sums travel on.
 * Windows and assignments wait for the watermark of both, so it does not matter which came first.
 */
export const premergeStep: StepFactory<PremergeInputs, PremergeOutputs> = ({ partition, partitions, tables }) => {
  const waiting = tables.table<AccountWindow[]>('waiting');
  const assignments = tables.table<AccountAssignments>('assignments');

  const inForce = (accountId: string, time: number): AccountAssignments['versions'][number] | undefined => {
    const entry = assignments.get(accountId);
    if (entry === undefined) return undefined;
    const place = entry.versions.findLastIndex(({ effective_at }) => effective_at <= time);
    if (place > 0) {
      // Ends are visited in ascending order: what was in force before this one is never asked for again.
      entry.versions.splice(0, place);
      assignments.set(accountId, entry);
    }
    return place === -1 ? undefined : entry.versions[0];
  };

  const close = (end: number, emit: Emit<PremergeOutputs>): void => {
    const windows = waiting.get(String(end)) ?? [];
    waiting.delete(String(end));
    for (const size of WINDOW_SIZES) {
      const closed = windows
        .filter((window) => window.window_size === size)
        .sort((a, b) => (a.account_id < b.account_id ? -1 : 1));
      if (closed.length === 0) continue;
      const clusters = new Map<string, SubjectPartial>();
      const unlinked: AccountWindow[] = [];
      for (const window of closed) {
        const assigned = inForce(window.account_id, end);
        const clusterId = assigned?.cluster_id ?? null;
        if (assigned === undefined || clusterId === null) {
          unlinked.push(window);
          continue;
        }
        let partial = clusters.get(clusterId);
        if (partial === undefined) {
          partial = emptyPartial('cluster', clusterId, size, end);
          clusters.set(clusterId, partial);
        }
        mergeAccumulators(partial.accumulator, window.accumulator);
        addMember(partial.members, window);
        addEvidence(partial.evidence, assigned.evidence);
      }
      for (const partial of clusters.values())
        emit('subject_partials', partial, partitionOf(partial.subject_id, partitions));
      for (const window of unlinked) {
        if (!isLoud(window)) continue;
        const partial = {
          ...emptyPartial('account', window.account_id, size, end),
          accumulator: window.accumulator,
          profile: window.profile,
        };
        addMember(partial.members, window);
        emit('subject_partials', partial, partitionOf(partial.subject_id, partitions));
      }
      // Linked accounts do not vote: what is being judged must not be its own yardstick.
      const cohorts = baselineVotes(size, unlinked);
      if (cohorts.length > 0) {
        const baseline: BaselinePartial = { window_size: size, window_end: end, source: partition, cohorts };
        for (let to = 0; to < partitions; to++) emit('subject_partials', baseline, to);
      }
    }
  };

  return {
    onRecord(input, record) {
      if (input === 'account_windows') {
        const window = record as AccountWindow; // the input's name says which of the two it is
        const key = String(window.window_end);
        const windows = waiting.get(key) ?? [];
        windows.push(window);
        waiting.set(key, windows);
        return;
      }
      const { account_id, effective_at, cluster_id, evidence } = record as Assignment;
      const entry = assignments.get(account_id) ?? { versions: [] };
      entry.versions.push({ effective_at, cluster_id, evidence });
      assignments.set(account_id, entry);
    },
    onWatermark(watermark, emit) {
      const ends = [...waiting.entries()].map(([end]) => Number(end)).filter((end) => end <= watermark);
      for (const end of ends.sort((a, b) => a - b)) close(end, emit);
    },
  };
};

function emptyPartial(
  subject_type: SubjectPartial['subject_type'],
  subject_id: string,
  window_size: SubjectPartial['window_size'],
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
  };
}
