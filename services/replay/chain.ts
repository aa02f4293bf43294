import { type CallsDeps, createCallsStep } from '../calls/step.ts';
import { premergeStep } from '../clusters/premerge/step.ts';
import { createScoreStep, type ScoreDeps } from '../clusters/score/step.ts';
import type { HasherKeys } from '../fingerprint/hasher.ts';
import type { LinkSettings } from '../links/settings.ts';
import type { AccountChange } from '../records/account.ts';
import type { AccountWindow } from '../records/account-window.ts';
import type { AlertEvent } from '../records/alert.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LateCall } from '../records/dead-letter.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import type { Membership } from '../records/membership.ts';
import type { ClusterWindow } from '../records/subject-window.ts';
import type { RulesVersion } from '../rules/version.ts';
import { lastClose } from '../stream/idle.ts';
import type { Position } from '../stream/step.ts';
import { TOPICS } from '../stream/topics.ts';
import { NO_WATERMARK } from '../stream/watermarks.ts';
import { type ChainRecord, type ChainStepName, createChainStep } from './chain-step.ts';
import { createLinksInThread } from './links-in-thread.ts';
import { createLinksLane, type LinksOutput } from './links-lane.ts';

/** What comes out of the steps, in the order in which it does. */
export interface ChainOutput {
  accountWindow(window: AccountWindow): void;
  clusterWindow(window: ClusterWindow): void;
  assignment(assignment: Assignment): void;
  membership(membership: Membership): void;
  alert(event: AlertEvent): void;
  late(call: LateCall): void;
  count(name: string, reason: string, by: number): void;
}

export interface Chain {
  account(change: AccountChange): void;
  call(call: ApiCall, at: Position): void;
  /** The input has ended: closes every window that holds a call, as an idle live system would. */
  end(): void;
  /** All that is remembered, for another chain to go on with. Between two calls. */
  save(): Iterable<ChainRecord>;
}

export interface ChainDeps extends CallsDeps, ScoreDeps {
  /** In force from the times that they say; at least one from the beginning. */
  rules: readonly RulesVersion[];
  output: ChainOutput;
  /** Other than the product's own: the evaluation takes legs of the linking away one at a time. */
  linkSettings?: LinkSettings;
  /** What another chain saved, with the same rules and settings. */
  restored?: Iterable<ChainRecord>;
  /** Links are looked for in a thread of their own, which makes the same hasher of these; null: here. The same comes out. */
  thread?: HasherKeys | null;
}

/**
 * The same steps as the live services, one after the other in one process: each partition's worth of Kafka between them is a function call here. Everything
 * a tick brings out of one step goes into the next before that one's watermark follows.
 */
export function createChain({
  output,
  enrich,
  hasher,
  profileAt,
  rules,
  grace,
  database,
  linkSettings,
  restored = [],
  thread = null,
}: ChainDeps): Chain {
  const records = Object.groupBy(restored, ({ step }) => step);
  const of = (step: ChainStepName) => ({
    step,
    count: (name: string, reason: string, by: number) => output.count(name, reason, by),
    restored: records[step] ?? [],
  });
  const between: Position = { topic: 'replay', partition: 0, offset: '0' };
  const stream = (name: string, topic: string) => ({ name, topic, partition: 0, time: { kind: 'marks' as const } });

  const score = createChainStep({
    ...of('score'),
    factory: createScoreStep({ grace, database }),
    inputs: [
      { ...stream('subject_partials', TOPICS.subjectPartials), name: 'subject_partials' as const },
      { name: 'rules' as const, topic: TOPICS.rules, partition: 0, time: { kind: 'table' as const } },
    ],
    emit: (name, record) => {
      // The output's name says which of the step's records it is.
      if (name === 'alerts') output.alert(record as AlertEvent);
      else output.clusterWindow(record as ClusterWindow);
    },
  });
  for (const version of rules) score.record(1, version, between);
  const premerge = createChainStep({
    ...of('premerge'),
    factory: premergeStep,
    inputs: [
      { ...stream('account_windows', TOPICS.accountWindows), name: 'account_windows' as const },
      { ...stream('assignments', TOPICS.assignments), name: 'assignments' as const },
    ],
    emit: (name, record) => {
      // The output's name says which of the step's records it is.
      if (name === 'memberships') output.membership(record as Membership);
      else score.record(0, record as Parameters<typeof score.record>[1], between);
    },
  });
  const linksOutput: LinksOutput = {
    assignment(assignment) {
      output.assignment(assignment);
      premerge.record(1, assignment, between);
    },
    marked(mark) {
      premerge.mark(1, mark);
      premerge.mark(0, mark);
      score.mark(0, mark);
    },
    count: output.count,
  };
  const lane = { settings: linkSettings, restored: records.links ?? [] };
  const links =
    thread === null
      ? createLinksLane({ hasher, ...lane }, linksOutput)
      : createLinksInThread({ keys: thread, ...lane }, linksOutput);
  const calls = createChainStep({
    ...of('calls'),
    factory: createCallsStep({ enrich, hasher, profileAt }),
    inputs: [
      {
        name: 'calls' as const,
        topic: TOPICS.calls,
        partition: 0,
        time: { kind: 'events' as const, grace, eventTime: (call: ApiCall) => call.occurred_at },
      },
    ],
    emit: (name, record) => {
      if (name === 'account_windows') {
        const window = record as AccountWindow; // by the output's name, as above
        output.accountWindow(window);
        premerge.record(0, window, between);
      } else if (name === 'link_observations') links.observation(record as LinkObservation);
      else output.late(record as LateCall);
    },
  });

  let passedOn = calls.watermark();
  const passOn = (): void => {
    const time = calls.watermark();
    if (time === passedOn) return;
    passedOn = time;
    links.mark({ source: 0, of: 1, time });
  };

  return {
    account: links.account,
    call(call, at) {
      calls.record(0, call, at);
      passOn();
    },
    end() {
      const latest = calls.latestEvent();
      if (latest !== NO_WATERMARK) {
        calls.advance(lastClose(latest));
        passOn();
      }
      links.settle();
      links.close();
    },
    *save() {
      links.settle();
      for (const step of [calls, links, premerge, score]) yield* step.save();
    },
  };
}
