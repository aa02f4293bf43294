import { type CallsDeps, createCallsStep } from '../calls/step.ts';
import { premergeStep } from '../clusters/premerge/step.ts';
import { createScoreStep, type ScoreDeps } from '../clusters/score/step.ts';
import type { LinkSettings } from '../links/settings.ts';
import { createLinksStep } from '../links/step.ts';
import type { AccountChange } from '../records/account.ts';
import type { AccountWindow } from '../records/account-window.ts';
import type { AlertEvent } from '../records/alert.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LateCall } from '../records/dead-letter.ts';
import type { Membership } from '../records/membership.ts';
import type { ClusterWindow } from '../records/subject-window.ts';
import type { RulesVersion } from '../rules/version.ts';
import { lastClose } from '../stream/idle.ts';
import type { Position } from '../stream/step.ts';
import { createStepDriver, type DriverState } from '../stream/step-driver.ts';
import { TOPICS } from '../stream/topics.ts';
import { createTrackedTables } from '../stream/tracked-tables.ts';
import { NO_WATERMARK } from '../stream/watermarks.ts';

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

const STEPS = ['calls', 'links', 'premerge', 'score'] as const;
type StepName = (typeof STEPS)[number];

/** A piece of what a chain remembers. Plain data. */
export type ChainRecord = { step: StepName; driver: DriverState } | { step: StepName; chunk: Uint8Array };

export interface ChainDeps extends CallsDeps, ScoreDeps {
  /** In force from the times that they say; at least one from the beginning. */
  rules: readonly RulesVersion[];
  output: ChainOutput;
  /** Other than the product's own: the evaluation takes legs of the linking away one at a time. */
  linkSettings?: LinkSettings;
  /** What another chain saved, with the same rules and settings, in the order in which it did. */
  restored?: Iterable<ChainRecord>;
}

/** Values kept decoded in each table: a replay has the machine for itself, and goes through all accounts in a minute of its own. */
const HOT = 65_536;

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
}: ChainDeps): Chain {
  const make = () => createTrackedTables({ hot: HOT });
  const tables = { calls: make(), links: make(), premerge: make(), score: make() };
  const drivers: Partial<Record<StepName, DriverState>> = {};
  for (const record of restored) {
    if ('chunk' in record) tables[record.step].apply(record.chunk);
    else drivers[record.step] = record.driver;
  }
  const of = (step: StepName) => ({
    context: {
      partition: 0,
      partitions: 1,
      tables: tables[step],
      count: (name: string, reason: string, by = 1) => output.count(name, reason, by),
    },
    restored: drivers[step],
  });
  const between: Position = { topic: 'replay', partition: 0, offset: '0' };
  const stream = (name: string, topic: string) => ({ name, topic, partition: 0, time: { kind: 'marks' as const } });

  const score = createStepDriver({
    factory: createScoreStep({ grace, database }),
    ...of('score'),
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
  const premerge = createStepDriver({
    factory: premergeStep,
    ...of('premerge'),
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
  const links = createStepDriver({
    factory: createLinksStep({ hasher, ...(linkSettings === undefined ? {} : { settings: linkSettings }) }),
    ...of('links'),
    inputs: [
      { ...stream('link_observations', TOPICS.linkObservations), name: 'link_observations' as const },
      { name: 'accounts' as const, topic: TOPICS.accounts, partition: 0, time: { kind: 'table' as const } },
    ],
    emit: (_, record) => {
      output.assignment(record);
      premerge.record(1, record, between);
    },
  });
  const calls = createStepDriver({
    factory: createCallsStep({ enrich, hasher, profileAt }),
    ...of('calls'),
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
      } else if (name === 'link_observations') links.record(0, record as Parameters<typeof links.record>[1], between);
      else output.late(record as LateCall);
    },
  });

  let passedOn = calls.watermark();
  const passOn = (): void => {
    const time = calls.watermark();
    if (time === passedOn) return;
    passedOn = time;
    const mark = { source: 0, of: 1, time };
    links.mark(0, mark);
    premerge.mark(1, mark);
    premerge.mark(0, mark);
    score.mark(0, mark);
  };

  return {
    account: (change) => links.record(1, change, between),
    call(call, at) {
      calls.record(0, call, at);
      passOn();
    },
    end() {
      const latest = calls.latestEvent();
      if (latest === NO_WATERMARK) return;
      calls.advance(lastClose(latest));
      passOn();
    },
    *save() {
      const driven = { calls, links, premerge, score };
      for (const step of STEPS) {
        yield { step, driver: driven[step].save() };
        for (const chunk of tables[step].whole()) yield { step, chunk };
      }
    },
  };
}
