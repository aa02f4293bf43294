import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { accountAttributes } from '../../services/links/account-attributes.ts';
import { createAttributeIndex } from '../../services/links/attribute-index.ts';
import { linksBinding } from '../../services/links/binding.ts';
import { readLockstep } from '../../services/links/lockstep.ts';
import { DEFAULT_LINK_SETTINGS } from '../../services/links/settings.ts';
import { createSignups } from '../../services/links/signups.ts';
import type { LinksInputs, LinksOutputs } from '../../services/links/step.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import type { LinkAttribute } from '../../services/records/link-observation.ts';
import { SECTIONS } from '../../services/stream/checkpoint.ts';
import { transactionalId } from '../../services/stream/kafka/binding.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { PartitionFeed } from '../../services/stream/kafka/partition-feed.ts';
import { createStepRunner } from '../../services/stream/kafka/runner.ts';
import { Session } from '../../services/stream/kafka/session.ts';
import type { TaskInput } from '../../services/stream/kafka/task-inputs.ts';
import { TransactionLine } from '../../services/stream/kafka/transaction.ts';
import type { Emit } from '../../services/stream/step.ts';
import { createTrackedTables, type TrackedTables } from '../../services/stream/tracked-tables.ts';
import { silentMetrics } from '../stream/kafka/toy.ts';
import { answerAndEnd } from './answer.ts';
import { LINKS_PARTITIONS, type LinksLoad, type LoadMinute, linksLoad } from './links-load.ts';

/** `fill` takes in the load, with `linking` or into the index only, and saves the state to Kafka; `restore` is another process that starts `links` on it. */
export type LinksMeasured = { brokers: string } & (
  | { phase: 'fill'; load: LinksLoad; linking: boolean }
  | { phase: 'restore' }
);

export interface Filled {
  pairs: number;
  cpuSeconds: number;
  /** Resident when all is in; and at most, checkpoints and writing them to Kafka included. */
  residentMb: number;
  peakMemoryMb: number;
  assignments: number;
}
export interface RestoredLinks {
  seconds: number;
  residentMb: number;
  peakMemoryMb: number;
}

/** As often as with the default interval of ten seconds at 20,000 pairs a second. */
const PAIRS_A_CHECKPOINT = 200_000;

const what: LinksMeasured = JSON.parse(process.argv[2] ?? '');
const log = pino({ level: 'warn' });
const kafka = createKafkaClient({ brokers: what.brokers.split(','), clientId: 'bench-links' }, log);
const binding = linksBinding({ codecs: createCodecs(null), hasher: await createHasher('bench') });
const megabytes = (bytes: number): number => bytes / 2 ** 20;
const memory = () => ({
  residentMb: megabytes(process.memoryUsage.rss()),
  peakMemoryMb: process.resourceUsage().maxRSS / 1024,
});

async function fill(load: LinksLoad, linking: boolean): Promise<Filled> {
  const tables = createTrackedTables();
  let assignments = 0;
  const takeIn = linking ? intoStep(tables, () => assignments++) : intoIndex(tables);
  let checkpoints = 0;
  let checkpointed = 0;
  const checkpoint = (): void => {
    for (const { length } of tables.checkpoint(checkpoints++)) checkpointed += length;
  };
  checkpoint();
  let pairs = 0;
  let cpu = 0;
  let sinceCheckpoint = 0;
  let told = 0;
  for (const minute of linksLoad(load)) {
    const since = process.cpuUsage();
    takeIn(minute);
    pairs += minute.pairs;
    sinceCheckpoint += minute.pairs;
    if (sinceCheckpoint >= PAIRS_A_CHECKPOINT) {
      checkpoint();
      sinceCheckpoint = 0;
    }
    const used = process.cpuUsage(since);
    cpu += (used.user + used.system) / 1e6;
    if (pairs - told >= 1_000_000) {
      told = pairs;
      console.error(
        `  ${pairs} pairs, ${Math.round(cpu)} CPU seconds, ${Math.round(memory().residentMb)} MB, ${assignments} assignments, ${Math.round(megabytes(checkpointed))} MB of checkpoints`,
      );
    }
  }
  const filled = { pairs, cpuSeconds: cpu, ...memory(), assignments };
  await save(tables);
  return { ...filled, peakMemoryMb: memory().peakMemoryMb };
}

function intoStep(tables: TrackedTables, emit: Emit<LinksOutputs>): (minute: LoadMinute) => void {
  const step = binding.factory({ partition: 0, partitions: LINKS_PARTITIONS, tables, count() {} });
  const at = { topic: 'bench', partition: 0, offset: '0' };
  return ({ end, changes, observations }) => {
    for (const change of changes) step.onRecord('accounts', change, at, emit);
    for (const observation of observations) step.onRecord('link_observations', observation, at, emit);
    step.onWatermark(end, emit);
  };
}

/** What the step keeps of accounts and attributes, and nobody compared: tells what of the cost is linking, and reaches a million accounts in minutes. */
function intoIndex(tables: TrackedTables): (minute: LoadMinute) => void {
  const index = createAttributeIndex(tables, DEFAULT_LINK_SETTINGS, () => {});
  const signups = createSignups(tables, () => {});
  const see = (id: string, { kind, value }: LinkAttribute, at: number): void => {
    const lockstep = kind === 'lockstep' ? readLockstep(value) : null;
    if (lockstep === null) index.see(id, kind, value, at, () => {});
    else index.seeBin(id, lockstep.template, lockstep.bin);
  };
  return ({ changes, observations }) => {
    for (const { account_id, account } of changes) {
      if (account === null) continue;
      for (const attribute of accountAttributes(account)) see(account_id, attribute, attribute.at);
      for (const value of signups.add(account)) see(account_id, { kind: 'signup_batch', value }, account.created_at);
    }
    for (const { account_id, observed_at, attributes } of observations)
      for (const attribute of attributes) see(account_id, attribute, observed_at);
  };
}

/** As the runner would have: SECTIONS checkpoints are the whole state. */
async function save(tables: TrackedTables): Promise<void> {
  const inputs: TaskInput<LinksInputs>[] = [];
  const control = { seek() {}, pause() {}, resume() {} };
  for (const name of ['link_observations', 'accounts'] as const) {
    const { topic } = binding.inputs[name];
    for (let partition = 0; partition < LINKS_PARTITIONS; partition++)
      inputs.push({
        name,
        binding: binding.inputs[name],
        feed: new PartitionFeed(topic, partition, control, () => {}),
      });
  }
  const session = new Session({
    binding,
    partition: 0,
    partitions: LINKS_PARTITIONS,
    inputs,
    start: { tables, driver: undefined, positions: inputs.map(() => 0n), nextCheckpoint: 0, begins: [] },
    metrics: silentMetrics,
  });
  const line = await TransactionLine.open(kafka, transactionalId(binding.step, 0), log);
  for (let i = 0; i < SECTIONS; i++) await session.commit(line, { checkpoint: true, idle: false });
  await line.closed();
}

/** From the start of the service to the moment at which it goes on, its group joined and its state read back. */
async function restore(): Promise<RestoredLinks> {
  const begun = performance.now();
  const failed = Promise.withResolvers<never>();
  const runner = createStepRunner(binding, {
    kafka,
    log,
    metrics: silentMetrics,
    settings: { commitInterval: 500, checkpointInterval: 600_000, idleTimeout: 600_000, idleSpeed: 1 },
    now: Date.now,
    monotonicNow: () => performance.now(),
    onFatal: failed.reject,
  });
  await runner.start();
  const running = async (): Promise<void> => {
    while (!runner.isReady()) await delay(10);
  };
  await Promise.race([running(), failed.promise]);
  return { seconds: (performance.now() - begun) / 1000, ...memory() };
}

const answer = what.phase === 'fill' ? await fill(what.load, what.linking) : await restore();
answerAndEnd(answer);
