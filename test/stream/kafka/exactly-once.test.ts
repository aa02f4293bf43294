import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { MINUTE, windowEnd } from '../../../services/records/window.ts';
import { SECTIONS } from '../../../services/stream/checkpoint.ts';
import { createKafkaClient, type KafkaClient } from '../../../services/stream/kafka/client.ts';
import { withAdmin } from '../../../services/stream/kafka/with-admin.ts';
import { startKafkaForTest, type TestKafka } from '../../support/kafka.ts';
import { seededRandom } from '../../support/random.ts';
import { startToy, type ToyEvent, type ToySettings, type ToySum } from './toy.ts';
import { prepareToy, readUntil, sendTo, type ToyMessage } from './toy-topics.ts';

const T = Date.UTC(2026, 3, 22);
const PARTITIONS = 3;
const SEED = Number(process.env['STILLWATCH_TEST_SEED'] ?? 7);

let broker: TestKafka;
let kafka: KafkaClient;
before(async () => {
  broker = await startKafkaForTest();
  kafka = createKafkaClient({ brokers: broker.brokers.split(','), clientId: 'test' }, pino({ level: 'silent' }));
});
after(async () => {
  await broker.stop();
});

async function prepare(name: string, messages: readonly ToyMessage[]): Promise<ToySettings> {
  const settings = await prepareToy(kafka, broker.brokers, name, PARTITIONS);
  await send(settings.input, messages);
  return settings;
}

const send = (topic: string, messages: readonly ToyMessage[]): Promise<void> => sendTo(kafka, topic, messages);

/** Partitions come in any order. */
async function readSorted(topic: string, done: (rows: string[]) => boolean): Promise<string[]> {
  return (await readUntil(kafka, topic, done)).sort();
}

function events(count: number): ToyEvent[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, (_, i) => ({
    key: `k${random.below(97)}`,
    at: T + i * 40 - random.below(MINUTE),
    n: i,
  }));
}

function toMessages(all: readonly ToyEvent[], partitions = PARTITIONS): ToyMessage[] {
  return all.map((event) => ({
    key: event.key,
    partition: Number(event.key.slice(1)) % partitions,
    value: JSON.stringify(event),
  }));
}

function expected(all: readonly ToyEvent[]): string[] {
  const sums = new Map<string, ToySum>();
  for (const { key, at, n } of all) {
    const end = windowEnd('minute', at);
    const sum = sums.get(`${key}/${end}`) ?? { key, window_end: end, n: 0, count: 0 };
    sum.n += n;
    sum.count++;
    sums.set(`${key}/${end}`, sum);
  }
  return [...sums.values()].map((sum) => JSON.stringify(sum)).sort();
}

async function spawnToy(settings: ToySettings): Promise<ChildProcess> {
  const child = fork(new URL('./toy.ts', import.meta.url), [JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await Promise.race([once(child, 'message'), once(child, 'exit')]);
  return child;
}

const count = (rows: readonly string[]): number =>
  rows.reduce((sum, row) => sum + (JSON.parse(row) as ToySum).count, 0);

test('every window comes out once, the last ones without any later traffic, one partition having none at all', {
  timeout: 60_000,
}, async () => {
  const all = events(20_000);
  const settings = await prepare('plain', toMessages(all, PARTITIONS - 1));
  const runner = startToy(settings);
  await runner.start();
  const rows = await readSorted(settings.output, (seen) => count(seen) >= all.length);
  await runner.stop();
  assert.deepEqual(rows, expected(all));
});

test('a message that cannot be read goes to the dead letters as it was, and nothing waits for it', {
  timeout: 60_000,
}, async () => {
  const all = events(1_000);
  const messages = toMessages(all);
  messages.splice(500, 0, { key: 'k1', partition: 1, value: 'not json' });
  const settings = await prepare('dead', messages);
  const runner = startToy(settings);
  await runner.start();
  const rows = await readSorted(settings.output, (seen) => count(seen) >= all.length);
  assert.deepEqual(rows, expected(all));
  assert.deepEqual(await readSorted(`${settings.output}.dead`, (seen) => seen.length >= 1), ['not json']);
  await runner.stop();
});

test('two processes killed with -9 at random leave exactly the output of an undisturbed run', {
  timeout: 480_000,
}, async (t) => {
  const random = seededRandom(SEED + 1);
  t.diagnostic(`seed ${SEED}`);
  const all = events(120_000);
  const settings = await prepare('killed', toMessages(all.slice(0, 40_000)));
  const children = [await spawnToy(settings), await spawnToy(settings)];
  const rounds = 8;
  for (let round = 0; round < rounds; round++) {
    await delay(300 + random.below(2_500)); // the instant of the kill is the point: nothing to await
    const victim = random.below(children.length);
    const child = children[victim];
    assert.ok(child);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    children[victim] = await spawnToy(settings);
    await send(settings.input, toMessages(all.slice(40_000 + round * 10_000, 40_000 + (round + 1) * 10_000)));
  }
  const rows = await readSorted(settings.output, (seen) => count(seen) >= all.length);
  for (const child of children) child.kill('SIGKILL');
  assert.deepEqual(rows, expected(all));
});

test('a stop lets the next start go on where it ended', { timeout: 90_000 }, async () => {
  const all = events(60_000);
  const settings = await prepare('stopped', toMessages(all.slice(0, 30_000)));
  const first = startToy(settings);
  await first.start();
  await readSorted(settings.output, (seen) => seen.length > 0);
  await first.stop();
  await send(settings.input, toMessages(all.slice(30_000)));
  const second = startToy(settings);
  await second.start();
  const rows = await readSorted(settings.output, (seen) => count(seen) >= all.length);
  await second.stop();
  assert.deepEqual(rows, expected(all));
});

test('a task that has deleted old checkpoints can be restarted again before it makes a new one', {
  timeout: 120_000,
}, async () => {
  const size = 100;
  const parts = SECTIONS + 4;
  const all = events(parts * size);
  const settings = { ...(await prepare('restarted', [])), checkpointInterval: 1 };
  let fatal: Error | null = null;
  const run = async (interval: number, from: number, to: number): Promise<void> => {
    const runner = startToy({ ...settings, checkpointInterval: interval }, 'silent', (error) => {
      fatal = error;
    });
    await runner.start();
    for (let index = from; index < to; index++) {
      await send(settings.input, toMessages(all.slice(index * size, (index + 1) * size), 1));
      const committed = (): bigint => BigInt(runner.status()[0]?.positions[`${settings.input}/0`]?.committed ?? -1);
      while (committed() < BigInt((index + 1) * size)) {
        assert.equal(fatal, null);
        await delay(20);
      }
    }
    await runner.stop();
  };
  await run(1, 0, parts - 3);
  await run(3_600_000, parts - 3, parts - 2);
  await run(3_600_000, parts - 2, parts - 1);
  await run(1, parts - 1, parts);
  const last = startToy(settings);
  await last.start();
  assert.deepEqual(await readSorted(settings.output, (seen) => count(seen) >= all.length), expected(all));
  await last.stop();
});

test('input that retention deleted before it was processed stops the task with a clear error, and nothing is written', {
  timeout: 60_000,
}, async () => {
  const all = events(20_000);
  const settings = await prepare('deleted', toMessages(all.slice(0, 10_000)));
  const first = startToy(settings);
  await first.start();
  await readSorted(settings.output, (seen) => seen.length > 0);
  await first.stop();
  await send(settings.input, toMessages(all.slice(10_000)));
  const outputEnds = () => withAdmin(kafka, (admin) => admin.fetchTopicOffsets(settings.output));
  await withAdmin(kafka, async (admin) => {
    const ends = await admin.fetchTopicOffsets(settings.input);
    await admin.deleteTopicRecords({
      topic: settings.input,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
  });
  const before = await outputEnds();
  const { promise, resolve } = Promise.withResolvers<Error>();
  const second = startToy(settings, 'silent', resolve);
  await second.start();
  const error = await promise;
  await second.stop();
  assert.match(error.message, /retention deleted what lies between/);
  assert.match(error.message, /What to do: nothing was written/);
  assert.deepEqual(await outputEnds(), before);
});
