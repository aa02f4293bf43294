import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import pino from 'pino';
import { letterId } from '../../services/dead-letters/letter.ts';
import { REQUEUE_HEADERS, requeue } from '../../services/dead-letters/requeue.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { createKafkaClient, type KafkaClient, type KafkaMessage } from '../../services/stream/kafka/client.ts';
import { readTopic } from '../../services/stream/kafka/read-topic.ts';
import { TransactionLine } from '../../services/stream/kafka/transaction.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import type { FaultPoint } from '../faults/harness/fault-points.ts';
import { startKafkaForTest, type TestKafka } from '../support/kafka.ts';
import { stillwatch } from '../support/pipeline.ts';
import { writeLetters } from './letters.ts';

const run = promisify(execFile);
const log = pino({ level: 'silent' });
const codecs = createCodecs(null);
let server: TestKafka;
let kafka: KafkaClient;
let written = 0;
/** Nobody else's letters: the broker may be a given one, used before. */
const TEST = `requeue-${process.pid}`;

const deps = () => ({ kafka, codecs, log, instance: `${TEST}-${process.pid}`, now: Date.now });
const env = () => ({ KAFKA_BROKERS: server.brokers, STILLWATCH_TOPICS_PARTITIONS: '2' });

/** Letters with values that say which they are; their ids. */
async function addLetters(count: number, topic: string = TOPICS.calls): Promise<string[]> {
  const letters = Array.from({ length: count }, () => {
    const offset = 1_000_000 + written++;
    return { topic, partition: 1, offset, key: Buffer.from('acct_1'), value: Buffer.from(`${TEST} ${offset}`) };
  });
  await writeLetters(kafka, letters);
  return letters.map(({ offset }) => letterId({ topic, partition: 1, offset: String(offset) }));
}

/** What came back, by the letter that each says it comes from. A commit is answered before readers see it: the next one to fence waits for that. */
async function repetitions(): Promise<Map<string, KafkaMessage[]>> {
  await (await TransactionLine.open(kafka, 'stillwatch.requeue', log)).closed();
  const found = new Map<string, KafkaMessage[]>();
  for await (const message of readTopic({ kafka, log, topic: TOPICS.calls, instance: `${TEST}-reader` })) {
    const from = message.headers?.[REQUEUE_HEADERS.from]?.toString();
    if (from !== undefined) found.set(from, [...(found.get(from) ?? []), message]);
  }
  return found;
}

async function assertOnceEach(ids: readonly string[], what: string): Promise<void> {
  const found = await repetitions();
  for (const id of ids) assert.equal(found.get(id)?.length, 1, `${what}: ${id}`);
}

before(async () => {
  server = await startKafkaForTest();
  kafka = createKafkaClient({ brokers: server.brokers.split(','), clientId: TEST }, log);
  await stillwatch(['topics', 'apply'], env());
});
after(() => server.stop());

test('a letter comes back once: original bytes and key, its partition, and where it is from', async () => {
  const [id = '', other = ''] = await addLetters(2);
  const summary = await requeue(deps(), { ids: new Set([id]) });
  assert.deepEqual(summary, { requeued: 1, already: 0, internal: 0, missing: [] });
  const found = await repetitions();
  const [message] = found.get(id) ?? [];
  assert.equal(message?.value?.toString(), `${TEST} ${id.split('/')[2]}`);
  assert.equal(message?.key?.toString(), 'acct_1');
  assert.equal(message?.headers?.[REQUEUE_HEADERS.reason]?.toString(), 'not_avro');
  const [offsets] = (await ends()).filter(({ partition }) => partition === 1);
  assert.ok(Number(offsets?.high) > 0, 'in the partition of the original');
  assert.equal(found.get(other), undefined, 'the other was not meant');
  assert.deepEqual(await requeue(deps(), { ids: new Set([id]) }), { ...summary, requeued: 0, already: 1 });
  await assertOnceEach([id], 'asked twice');
});

test('a thousand letters come back in one go, over several transactions, each once', async () => {
  const ids = await addLetters(1_000);
  const progress: number[] = [];
  const summary = await requeue({ ...deps(), progress: (sent) => progress.push(sent) }, { ids: new Set(ids) });
  assert.deepEqual(summary, { requeued: 1_000, already: 0, internal: 0, missing: [] });
  assert.equal(progress.at(-1), 1_000);
  assert.ok(progress.length > 1);
  await assertOnceEach(ids, 'a thousand');
});

const ends = () => withAdmin(kafka, (admin) => admin.fetchTopicOffsets(TOPICS.calls));

test('two letters of one original, from a step that was set back, bring it back once', async () => {
  const [id = ''] = await addLetters(1);
  written--;
  assert.deepEqual(await addLetters(1), [id]);
  const { requeued, already } = await requeue(deps(), { ids: new Set([id]) });
  assert.deepEqual([requeued, already], [1, 1]);
  await assertOnceEach([id], 'two letters');
});

test('what a step wrote itself stays where it is, and an id that no letter has is named', async () => {
  const ids = await addLetters(1, TOPICS.accountWindows);
  assert.deepEqual(await requeue(deps(), { ids: new Set([...ids, 'llm.api-calls/0/1']) }), {
    requeued: 0,
    already: 0,
    internal: 1,
    missing: ['llm.api-calls/0/1'],
  });
});

test('killed at any point and run again, each letter comes back once', async () => {
  // More than go into one transaction: some are committed, some are not.
  const points: [FaultPoint, passage: number][] = [
    ['before-send', 1],
    ['after-send', 1],
    ['before-commit', 1],
    ['after-commit', 1],
    ['after-send', 2],
    ['before-commit', 2],
    ['after-commit', 2],
  ];
  for (const [point, passage] of points) {
    const ids = await addLetters(700);
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'requeue-process.ts'),
      server.brokers,
      point,
      String(passage),
    ]);
    const [, signal] = await once(child, 'exit');
    assert.equal(signal, 'SIGKILL', `${point} ${passage} was reached`);
    await requeue(deps(), {});
    await assertOnceEach(ids, `${point} ${passage}`);
  }
});

test('several people at once: the last one to begin goes on, the others are told, and each letter comes back once', async () => {
  const ids = await addLetters(2_000);
  const main = join(import.meta.dirname, '../../services/main.ts');
  const all = Array.from({ length: 3 }, () =>
    run(process.execPath, [main, 'dlq', 'requeue', '--all', '--no-audit'], { env: { ...process.env, ...env() } }).then(
      () => 'done',
      (error: { code: number; stderr: string }) => {
        assert.equal(error.code, 1);
        assert.match(error.stderr, /somebody else has begun to requeue/);
        return 'told';
      },
    ),
  );
  assert.ok((await Promise.all(all)).includes('done'));
  await requeue(deps(), {});
  await assertOnceEach(ids, 'three at once');
});
