import type { AccountWindow } from '../../records/account-window.ts';
import type { Assignment } from '../../records/assignment.ts';
import type { Membership } from '../../records/membership.ts';
import type { BaselinePartial, SubjectPartial } from '../../records/subject-window.ts';
import { WINDOW_SIZES, type WindowSize } from '../../records/window.ts';
import type { Emit, StepFactory } from '../../stream/step.ts';
import { createBallot } from '../baseline/ballot.ts';
import { partitionOf } from '../partition.ts';
import { createTimeline } from '../timeline.ts';
import { type Affiliation, createAffiliations } from './affiliations.ts';
import { isLoud } from './loud.ts';
import { accountPartial, mergedClusters, sumByCluster } from './partials.ts';

export interface PremergeInputs {
  account_windows: AccountWindow;
  assignments: Assignment;
}

export interface PremergeOutputs {
  subject_partials: SubjectPartial | BaselinePartial;
  memberships: Membership;
}

/**
 * Account windows joined with the assignments in force at their end, where both are partitioned by account, and summed by cluster and activity: only sums
 * travel on. Windows and assignments wait for the watermark of both, so it does not matter which came first.
 */
export const premergeStep: StepFactory<PremergeInputs, PremergeOutputs> = ({
  partition,
  partitions,
  tables,
  count,
}) => {
  const windows = createTimeline(tables.table<AccountWindow>('windows'));
  const assignments = createTimeline(tables.table<Assignment>('assignments'));
  const affiliations = createAffiliations(tables);
  const ballot = createBallot(tables, (what, by) => count('evicted', what, by));

  const tell = (memberships: readonly Membership[], emit: Emit<PremergeOutputs>): void => {
    for (const membership of memberships) emit('memberships', membership, partition);
  };

  const send = (partials: readonly SubjectPartial[], emit: Emit<PremergeOutputs>): void => {
    for (const partial of partials) emit('subject_partials', partial, partitionOf(partial.subject_id, partitions));
  };

  const closeSize = (
    size: WindowSize,
    end: number,
    closed: readonly AccountWindow[],
    emit: Emit<PremergeOutputs>,
  ): void => {
    const linked: { window: AccountWindow; affiliation: Affiliation }[] = [];
    const unlinked: AccountWindow[] = [];
    for (const window of closed) {
      // Minutes hold every call once; hours and days are the same calls again.
      if (size === 'minute') tell(affiliations.observe(window), emit);
      const affiliation = affiliations.of(window.account_id);
      if (affiliation === undefined) unlinked.push(window);
      else linked.push({ window, affiliation });
    }
    send(sumByCluster(linked, size, end), emit);
    send(unlinked.filter(isLoud).map(accountPartial), emit);
    const votes = ballot.count(size, end, unlinked, closed);
    if (votes === null) return;
    for (let to = 0; to < partitions; to++) emit('subject_partials', { ...votes, source: partition }, to);
  };

  return {
    onRecord(input, record) {
      // The input's name says which of the two it is.
      if (input === 'account_windows') {
        const window = record as AccountWindow;
        windows.set(window.window_end, `${window.window_size} ${window.account_id}`, window);
        return;
      }
      const assignment = record as Assignment;
      assignments.set(assignment.effective_at, `${assignment.account_id} ${assignment.version}`, assignment);
    },
    onWatermark(watermark, emit) {
      for (;;) {
        const time = Math.min(windows.next(), assignments.next());
        if (time > watermark) return;
        const effective = assignments.take(time);
        for (const assignment of effective) tell(affiliations.assign(assignment), emit);
        send(mergedClusters(effective, time), emit);
        const closed = windows.take(time);
        for (const size of WINDOW_SIZES) {
          const ofSize = closed.filter(({ window_size }) => window_size === size);
          if (ofSize.length > 0) closeSize(size, time, ofSize, emit);
        }
      }
    },
  };
};
