import { premergeStep } from '../clusters/premerge/step.ts';
import { createScoreStep, type ScoreDeps } from '../clusters/score/step.ts';
import type { AccountWindow } from '../records/account-window.ts';
import type { AlertEvent } from '../records/alert.ts';
import type { Assignment } from '../records/assignment.ts';
import type { Membership } from '../records/membership.ts';
import type { ClusterWindow } from '../records/subject-window.ts';
import type { RulesVersion } from '../rules/version.ts';
import { TOPICS } from '../stream/topics.ts';
import type { WatermarkMark } from '../stream/watermarks.ts';
import { type ChainRecord, createChainStep } from './chain-step.ts';

/** The two steps of `clusters` in a chain: windows and assignments in, windows of clusters and alerts out. */
export interface ClustersLane {
  window(window: AccountWindow): void;
  assignment(assignment: Assignment): void;
  /** All before it has come in; all that follows from it has come out when this returns. */
  mark(mark: WatermarkMark): void;
  save(): Iterable<ChainRecord>;
}

export interface ClustersOutput {
  clusterWindow(window: ClusterWindow): void;
  membership(membership: Membership): void;
  alert(event: AlertEvent): void;
  count(name: string, reason: string, by: number): void;
}

export interface ClustersLaneOptions extends ScoreDeps {
  /** In force from the times that they say; at least one from the beginning. */
  rules: readonly RulesVersion[];
  restored: Partial<Record<'premerge' | 'score', readonly ChainRecord[]>>;
}

const BETWEEN = { topic: 'replay', partition: 0, offset: '0' };
const stream = (topic: string) => ({ topic, partition: 0, time: { kind: 'marks' as const } });

export function createClustersLane(
  { rules, restored, ...deps }: ClustersLaneOptions,
  output: ClustersOutput,
): ClustersLane {
  const score = createChainStep({
    step: 'score',
    factory: createScoreStep(deps),
    inputs: [
      { name: 'subject_partials' as const, ...stream(TOPICS.subjectPartials) },
      { name: 'rules' as const, topic: TOPICS.rules, partition: 0, time: { kind: 'table' as const } },
    ],
    emit: (name, record) => {
      // The output's name says which of the step's records it is.
      if (name === 'alerts') output.alert(record as AlertEvent);
      else output.clusterWindow(record as ClusterWindow);
    },
    count: output.count,
    restored: restored.score ?? [],
  });
  for (const version of rules) score.record(1, version, BETWEEN);
  const premerge = createChainStep({
    step: 'premerge',
    factory: premergeStep,
    inputs: [
      { name: 'account_windows' as const, ...stream(TOPICS.accountWindows) },
      { name: 'assignments' as const, ...stream(TOPICS.assignments) },
    ],
    emit: (name, record) => {
      // By the output's name, as above.
      if (name === 'memberships') output.membership(record as Membership);
      else score.record(0, record as Parameters<typeof score.record>[1], BETWEEN);
    },
    count: output.count,
    restored: restored.premerge ?? [],
  });
  return {
    window: (window) => premerge.record(0, window, BETWEEN),
    assignment: (assignment) => premerge.record(1, assignment, BETWEEN),
    mark(mark) {
      premerge.mark(1, mark);
      premerge.mark(0, mark);
      score.mark(0, mark);
    },
    *save() {
      yield* premerge.save();
      yield* score.save();
    },
  };
}
