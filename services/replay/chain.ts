import { type CallsDeps, createCallsStep } from '../calls/step.ts';
import type { ScoreDeps } from '../clusters/score/step.ts';
import type { Hasher, HasherKeys } from '../fingerprint/hasher.ts';
import type { LinkSettings } from '../links/settings.ts';
import type { AccountChange } from '../records/account.ts';
import type { AccountWindow } from '../records/account-window.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LateCall } from '../records/dead-letter.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import type { RulesVersion } from '../rules/version.ts';
import { lastClose } from '../stream/idle.ts';
import type { Position } from '../stream/step.ts';
import { TOPICS } from '../stream/topics.ts';
import { NO_WATERMARK } from '../stream/watermarks.ts';
import { type ChainRecord, createChainStep } from './chain-step.ts';
import { type ClustersOutput, createClustersLane } from './clusters-lane.ts';
import { createLinksInThread } from './links-in-thread.ts';
import { createLinksLane, type LinksOutput } from './links-lane.ts';

/** What comes out of the steps, in the order in which it does. */
export interface ChainOutput extends ClustersOutput {
  accountWindow(window: AccountWindow): void;
  assignment(assignment: Assignment): void;
  late(call: LateCall): void;
}

export interface Chain {
  account(change: AccountChange): void;
  call(call: ApiCall, at: Position): void;
  /** The input has ended: closes every window that holds a call, as an idle live system would. */
  end(): void;
  /** What follows from all calls so far has come out. */
  settle(): void;
  /** All that is remembered, for another chain to go on with. After `settle`. */
  save(): Iterable<ChainRecord>;
}

export interface ChainDeps extends CallsDeps, ScoreDeps {
  hasher: Hasher;
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
  runbooks,
  linkSettings,
  restored = [],
  thread = null,
}: ChainDeps): Chain {
  const records = Object.groupBy(restored, ({ step }) => step);
  const clusters = createClustersLane({ rules, grace, database, runbooks, restored: records }, output);
  const linksOutput: LinksOutput = {
    assignment(assignment) {
      output.assignment(assignment);
      clusters.assignment(assignment);
    },
    marked: clusters.mark,
    count: output.count,
  };
  const lane = { settings: linkSettings, restored: records.links ?? [] };
  const links =
    thread === null
      ? createLinksLane({ hasher, ...lane }, linksOutput)
      : createLinksInThread({ keys: thread, ...lane }, linksOutput);
  const calls = createChainStep({
    step: 'calls',
    factory: createCallsStep({ enrich, profileAt }),
    inputs: [
      {
        name: 'calls' as const,
        topic: TOPICS.calls,
        partition: 0,
        time: { kind: 'events' as const, grace, eventTime: (call: ApiCall) => call.occurred_at },
      },
    ],
    emit: (name, record) => {
      // The output's name says which of the step's records it is.
      if (name === 'account_windows') {
        const window = record as AccountWindow;
        output.accountWindow(window);
        clusters.window(window);
      } else if (name === 'link_observations') links.observation(record as LinkObservation);
      else output.late(record as LateCall);
    },
    count: output.count,
    restored: records.calls ?? [],
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
    settle: links.settle,
    *save() {
      for (const part of [calls, links, clusters]) yield* part.save();
    },
  };
}
