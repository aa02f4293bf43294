import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { stateTopic, transactionalId } from '../../../services/stream/kafka/binding.ts';
import { type Admin, createKafkaClient, type KafkaClient } from '../../../services/stream/kafka/client.ts';
import { encodeCommitted, offsetsGroup, readCommitted } from '../../../services/stream/kafka/committed.ts';
import { encodeStateRecord } from '../../../services/stream/kafka/state-log.ts';
import { startOwnKafka } from '../../support/kafka.ts';
import { startToy, type ToySettings, type ToySum } from './toy.ts';
import { prepareToy, readUntil, sendTo } from './toy-topics.ts';

/**
 * What a broker leaves behind that died between "prepare commit" and the markers, and skipped them when it started again: records of a transaction that its
 * coordinator takes for ended. They are made here by keeping the partition from the coordinator, on a broker that does not ask back (KIP-890).
 */
const T = Date.UTC(2026, 3, 22);
const FIRST = 40;
/** Windows that later events close: once it is idle, the clock would, and what comes then would be late. */
const BEFORE_IDLE = FIRST - 5;
const ALL = 80;

let broker: Awaited<ReturnType<typeof startOwnKafka>>;
let kafka: KafkaClient;
let admin: Admin;
before(async () => {
  broker = await startOwnKafka(1);
  const { brokers } = broker.cluster;
  kafka = createKafkaClient({ brokers: brokers.split(','), clientId: 'test' }, pino({ level: 'silent' }));
  admin = kafka.admin();
  await admin.connect();
  const [node] = (await admin.describeCluster()).brokers;
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: 4,
        name: String(node?.nodeId),
        configEntries: [{ name: 'transaction.partition.verification.enable', value: 'false' }],
      },
    ],
  });
});
after(async () => {
  await admin.disconnect();
  await broker.stop();
});

/** A step that has done the first half of what there is to do, and was stopped. */
async function stoppedHalfway(step: string): Promise<ToySettings> {
  const settings = { ...(await prepareToy(kafka, broker.cluster.brokers, step, 1)), checkpointInterval: 1 };
  await send(settings.input, 0, FIRST);
  await runUntil(settings, BEFORE_IDLE);
  return settings;
}

/** One event a minute: each is a window of its own. */
async function send(topic: string, from: number, to: number): Promise<void> {
  const messages = upTo(to)
    .slice(from)
    .map((n) => ({ key: 'k', partition: 0, value: JSON.stringify({ key: 'k', at: T + n * 60_000, n }) }));
  await sendTo(kafka, topic, messages);
}

/** Runs the step until it has committed the output of `count` windows; their numbers as a subscriber sees them. */
async function runUntil(settings: ToySettings, count: number): Promise<number[]> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  const runner = startToy(settings, 'silent', reject);
  await runner.start();
  try {
    const numberOf = (row: string): number => (JSON.parse(row) as ToySum).n;
    const isDone = (rows: string[]): boolean => rows.some((row) => numberOf(row) === count - 1);
    return (await readUntil(kafka, settings.output, isDone, failed)).map(numberOf);
  } finally {
    await runner.stop();
  }
}

interface BrokerClass {
  prototype: {
    addPartitionsToTxn(request: unknown): Promise<unknown>;
    addOffsetsToTxn(request: unknown): Promise<unknown>;
  };
}

/** While it lasts, no transaction's coordinator knows that it has offsets. */
async function withoutMarkersOfOffsets(work: () => Promise<unknown>): Promise<void> {
  const { prototype }: BrokerClass = createRequire(import.meta.url)('kafkajs/src/broker');
  const original = prototype.addOffsetsToTxn;
  prototype.addOffsetsToTxn = async () => ({});
  try {
    await work();
  } finally {
    prototype.addOffsetsToTxn = original;
  }
}

/** Writes as the step's task, and never ends it. `beside` is a transaction of the same producer that does end. */
async function leaveUnended(
  step: string,
  records: readonly { topic: string; value: Buffer }[],
  beside: (
    at: bigint,
    sendOffsets: (offset: string, topic: string, metadata: string) => Promise<void>,
  ) => Promise<void> = async () => {},
): Promise<void> {
  const { prototype }: BrokerClass = createRequire(import.meta.url)('kafkajs/src/broker');
  const producer = kafka.transactionalProducer(transactionalId(step, 0));
  await producer.connect();
  const transaction = await producer.transaction();
  const original = prototype.addPartitionsToTxn;
  prototype.addPartitionsToTxn = async () => ({ errors: [] });
  let at: string | undefined;
  try {
    for (const { topic, value } of records) {
      const [metadata] = await transaction.sendBatch({
        topicMessages: [{ topic, messages: [{ key: 'k', partition: 0, value }] }],
      });
      at ??= metadata?.baseOffset;
    }
  } finally {
    prototype.addPartitionsToTxn = original;
  }
  await beside(BigInt(at ?? 0), async (offset, topic, metadata) => {
    const topics = [{ topic, partitions: [{ partition: 0, offset, metadata }] }];
    await transaction.sendOffsets({ consumerGroupId: offsetsGroup(step), topics });
    await transaction.commit();
  });
  await producer.disconnect();
}

/** Offsets that count on a journal which has no end. */
async function commitWithoutState(step: string, { input }: ToySettings, offset: number): Promise<void> {
  const truth = (await readCommitted(admin, step, input)).get(0);
  assert.ok(truth);
  await leaveUnended(step, [{ topic: stateTopic(step), value: journal() }], async (at, sendOffsets) => {
    const state = { from: truth.state.from, until: (at + 1n).toString() };
    await sendOffsets(String(offset), input, encodeCommitted({ ...truth, state }));
  });
}

const journal = (): Buffer => encodeStateRecord({ kind: 'journal', journal: [] })[0] ?? Buffer.alloc(0);
const row = (n: number): Buffer => Buffer.from(JSON.stringify({ key: 'k', window_end: T, n, count: 1 }));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('what a broker left without its end is given up before the work is done again: nobody sees it', {
  timeout: 60_000,
}, async () => {
  const settings = await stoppedHalfway('given-up');
  await leaveUnended('given-up', [
    { topic: stateTopic('given-up'), value: journal() },
    { topic: settings.output, value: row(1_000) },
  ]);
  await send(settings.input, FIRST, ALL);
  assert.deepEqual(await runUntil(settings, ALL), upTo(ALL));
});

test('state without its end whose offsets were committed is the truth, and the task goes on from it', {
  timeout: 60_000,
}, async () => {
  const settings = await stoppedHalfway('kept');
  await commitWithoutState('kept', settings, FIRST);
  await send(settings.input, FIRST, ALL);
  assert.deepEqual(await runUntil(settings, ALL), upTo(ALL));
});

test('state that lacks what its offsets count on stops the task: it would be wrong from then on', {
  timeout: 60_000,
}, async () => {
  const settings = await stoppedHalfway('halved');
  await commitWithoutState('halved', settings, FIRST + 10);
  // What a producer that went on would do, whose next transaction then failed.
  const producer = kafka.transactionalProducer(transactionalId('halved', 0));
  await producer.connect();
  const next = await producer.transaction();
  await next.send({ topic: stateTopic('halved'), messages: [{ key: 'k', partition: 0, value: journal() }] });
  await next.abort();
  await producer.disconnect();
  await send(settings.input, FIRST, ALL);
  await assert.rejects(runUntil(settings, ALL), /and its group at 50: the broker ended a transaction by halves/);
});

test('offsets without their end beside output that is seen already are committed: its work is not done again', {
  timeout: 60_000,
}, async () => {
  const settings = await stoppedHalfway('ahead');
  await send(settings.input, FIRST, ALL);
  await withoutMarkersOfOffsets(() => runUntil(settings, ALL - BEFORE_IDLE));
  await send(settings.input, ALL, ALL + FIRST);
  assert.deepEqual(await runUntil(settings, ALL + FIRST), upTo(ALL + FIRST));
});
