import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import pino from 'pino';
import { freePorts } from '../../infra/kafka/ports.ts';
import { createStack } from '../../infra/local/stack.ts';
import { letterId } from '../../services/dead-letters/letter.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { schemaText } from '../../services/records/codec/schemas.ts';
import type { DeadLetter } from '../../services/records/dead-letter.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { readTopic } from '../../services/stream/kafka/read-topic.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { startRegistry } from '../faults/harness/registry.ts';
import { openClickHouseForTest, readLines, recordWebhooks, settled, stillwatch } from '../support/pipeline.ts';
import { apiCall, T } from '../support/records.ts';
import { replayWithErrors } from '../support/replay.ts';

const codecs = createCodecs(null);
const encode = (over: Parameters<typeof apiCall>[0]): Buffer => codecs.of('api-call').encode(apiCall(over));
const good = encode({ event_id: 'good' });
const DAY = 24 * 60 * 60_000;
/** Written with a schema that is registered only after its messages were refused. */
const NEW_SCHEMA = 4_712;
const under = (id: number, over: Parameters<typeof apiCall>[0]): Buffer => {
  const bytes = encode(over);
  bytes.writeUInt32BE(id, 1);
  return bytes;
};

/** With its key and Kafka's own bytes around it, a message of 16 MiB. */
const LARGEST = 16 * 1024 * 1024 - 80;

/** Another client's default, which kafkajs itself neither writes nor reads. */
const ZSTD = 4;
function writeZstd(): void {
  const { CompressionCodecs }: typeof import('kafkajs') = createRequire(import.meta.url)('kafkajs');
  CompressionCodecs[ZSTD] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => zstdCompressSync(buffer),
    decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
  });
}

/** What a gateway may send by mistake, and the reason under which it must be found again. */
const BAD: { what: string; value: Buffer | null; reason: string }[] = [
  { what: 'not Avro', value: Buffer.from('{"event_id":"json"}'), reason: 'wrong_magic_byte' },
  { what: 'a single byte', value: Buffer.of(0), reason: 'truncated' },
  { what: 'Avro cut off', value: good.subarray(0, 20), reason: 'truncated' },
  { what: 'bytes behind the record', value: Buffer.concat([good, Buffer.from('more')]), reason: 'not_avro' },
  { what: 'an unknown schema', value: under(4_711, {}), reason: 'unknown_schema' },
  {
    what: 'a new schema',
    value: under(NEW_SCHEMA, { event_id: 'mended', occurred_at: T + 3 * DAY }),
    reason: 'unknown_schema',
  },
  { what: 'a new schema, long ago', value: under(NEW_SCHEMA, { event_id: 'late' }), reason: 'unknown_schema' },
  { what: 'no account', value: encode({ account_id: '' }), reason: 'missing_field' },
  { what: 'the year 1970', value: encode({ occurred_at: 1_000 }), reason: 'timestamp_out_of_range' },
  { what: 'the year 2099', value: encode({ occurred_at: Date.UTC(2099, 0, 1) }), reason: 'timestamp_out_of_range' },
  { what: 'negative tokens', value: encode({ input_tokens: -5 }), reason: 'negative_value' },
  { what: 'a temperature that is no number', value: encode({ temperature: Number.NaN }), reason: 'not_a_number' },
  { what: '10 MB', value: Buffer.alloc(10_000_000, 7), reason: 'wrong_magic_byte' },
  { what: 'the largest that the topic takes', value: Buffer.alloc(LARGEST, 7), reason: 'wrong_magic_byte' },
  { what: 'a tombstone', value: null, reason: 'tombstone' },
];

test('whatever a gateway sends, the line goes on: each bad message is a dead letter with its bytes, reason and place', {
  timeout: 180_000,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-bad-'));
  const webhook = await recordWebhooks();
  const registry = await startRegistry();
  t.after(() => registry.close());
  t.after(() => webhook.close());
  const [consolePort = 0] = await freePorts(1);
  const stack = await createStack({
    dir: folder,
    partitions: 2,
    webhookUrl: webhook.url,
    consolePort,
    env: {
      STILLWATCH_CONSOLE_REQUEUE: 'true',
      SCHEMA_REGISTRY_URL: registry.url,
      STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '1000',
      STILLWATCH_STREAM_IDLE_SPEED: '10000000',
      STILLWATCH_SINK_BATCH_WAIT_MS: '200',
    },
  });
  const clickHouse = openClickHouseForTest(stack.clickHouseUrl, stack.database);
  const kafka = createKafkaClient(
    { brokers: stack.brokers.split(','), clientId: 'bad-input' },
    pino({ level: 'silent' }),
  );
  t.after(async () => {
    await clickHouse.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  });
  // Sent before anybody reads: a pause while sending could be taken for an idle partition, and what follows it for late.
  writeZstd();
  const producer = kafka.producer();
  await producer.connect();
  for (const [i, { value }] of BAD.entries()) {
    await producer.send({ topic: TOPICS.calls, messages: [{ key: 'bad', value, partition: 0 }] });
    await producer.send({
      topic: TOPICS.calls,
      messages: [{ key: 'acct_1', value: encode({ event_id: `good_${i}`, occurred_at: T + i * 1_000 }), partition: 0 }],
      ...(i === 0 ? { compression: ZSTD } : {}),
    });
  }
  await producer.disconnect();
  await stack.startServices();
  await settled(stack, T);

  const letters: DeadLetter[] = [];
  const consumer = kafka.consumer({ groupId: 'dead-letter-reader', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPICS.deadLetters], fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) {
        const decoded = codecs.of('dead-letter').decode(message.value);
        if (decoded.ok) letters.push(decoded.value);
      }
    },
  });
  while (letters.length < BAD.length) await delay(50);
  await consumer.disconnect();

  for (const [i, { what, value, reason }] of BAD.entries()) {
    const letter = letters[i];
    assert.equal(letter?.reason, reason, what);
    assert.deepEqual(
      letter?.value === null ? null : Buffer.from(letter?.value ?? []),
      value,
      `${what}: the original bytes`,
    );
    assert.deepEqual(
      [letter?.topic, letter?.partition, letter?.offset, letter?.key?.toString()],
      [TOPICS.calls, 0, String(2 * i), 'bad'],
      what,
    );
  }
  const stored = await clickHouse.query<{ reason: string; count: string }>(
    `SELECT reason, count() AS count FROM ${stack.database}.dead_letters FINAL GROUP BY reason`,
  );
  assert.equal(
    stored.reduce((sum, { count }) => sum + Number(count), 0),
    BAD.length,
  );
  const [counted] = await clickHouse.query<{ calls: number }>(
    `SELECT sum(calls) AS calls FROM ${stack.database}.account_windows FINAL WHERE window_size = 'day'`,
  );
  assert.equal(counted?.calls, BAD.length, 'every good call between them was counted');
  const metrics = await (await fetch(`${stack.services.get('calls')?.url()}/metrics`)).text();
  assert.match(metrics, /stillwatch_stream_dead_letters_total\{[^}]*reason="tombstone"[^}]*\} 1/);

  // After a fix: what can be read now is counted where it is not too late, and said to be late where it is; what cannot comes back as a new letter. Once.
  registry.add(NEW_SCHEMA, schemaText('api-call'));
  const service = stack.services.get('calls');
  await service?.stop();
  await service?.start();
  const requeue = async (...args: string[]): Promise<{ requeued: number; already: number }> =>
    JSON.parse(await stillwatch(['dlq', 'requeue', '--json', ...args], stack.env));
  const refused = letters.filter(({ reason }) => reason === 'unknown_schema').map(letterId);
  // On the page first, then in a shell: whoever asks, and how, it is once.
  const onPage = await fetch(`http://127.0.0.1:${consolePort}/api/dead-letters/requeue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ topic: TOPICS.calls, reason: 'unknown_schema', by: 'kim' }),
  });
  assert.deepEqual(await onPage.json(), { requeued: 3, already: 0, internal: 0, missing: [] });
  const { requeued: again, already } = await requeue(...refused);
  assert.deepEqual([again, already], [0, 3]);
  await settled(stack, T + 3 * DAY);
  const calls = await clickHouse.query<{ day: string; calls: number }>(
    `SELECT toString(toDate(window_start)) AS day, sum(calls) AS calls FROM ${stack.database}.account_windows FINAL WHERE window_size = 'day' GROUP BY day ORDER BY day`,
  );
  assert.deepEqual(calls, [
    { day: '2026-04-22', calls: BAD.length },
    { day: '2026-04-25', calls: 1 },
  ]);
  const late: string[] = [];
  const log = pino({ level: 'silent' });
  for await (const message of readTopic({ kafka, log, topic: TOPICS.lateCalls, instance: 'bad-input' })) {
    const decoded = codecs.of('late-call').decode(message.value);
    if (decoded.ok) late.push(decoded.value.event_id);
  }
  assert.deepEqual(late, ['late']);
  const [left] = await clickHouse.query<{ count: string }>(
    `SELECT count() AS count FROM ${stack.database}.dead_letters FINAL`,
  );
  assert.equal(Number(left?.count), BAD.length + 1, 'the one that nobody can read is a letter again');
});

test('a bad line of a file is named by file, line, column and field, and the rest is processed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-lines-'));
  const line = (over: Record<string, unknown>): string =>
    JSON.stringify({ ...apiCall(), prompt_fingerprint: undefined, ...over });
  const calls = join(folder, 'calls.jsonl');
  await writeFile(
    calls,
    [
      line({ event_id: 'a' }),
      '{"event_id": "b", nonsense',
      line({ event_id: 'c', input_tokens: 'many' }),
      line({ event_id: 'd', account_id: undefined }),
      line({ event_id: 'e', occurred_at: '2026-04-22T00:00:30Z' }),
    ].join('\n'),
  );
  const reported: string[] = [];
  const summary = await replayWithErrors(calls, join(folder, 'out'), ({ file, line: number, column, field }) =>
    reported.push(`${file === calls}:${number}:${column > 0}:${field}`),
  );
  assert.deepEqual(reported, ['true:2:true:null', 'true:3:true:input_tokens', 'true:4:true:account_id']);
  assert.equal(summary.processed, 2);
  const windows = await readLines<{ window_size: string; calls: number }>(join(folder, 'out/account-windows.jsonl'));
  assert.equal(windows.find(({ window_size }) => window_size === 'day')?.calls, 2);
  await assert.rejects(
    stillwatch(['replay', '--calls', join(folder, 'missing.jsonl'), '--out', folder]),
    /there is no file/,
  );
  await rm(folder, { recursive: true, force: true });
});
