import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import pino from 'pino';
import { createAuditLog } from '../../services/feedback/audit.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { writeLetters } from '../dead-letters/letters.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { startKafkaForTest, type TestKafka } from '../support/kafka.ts';
import { openClickHouseForTest, stillwatch } from '../support/pipeline.ts';

const MAIN = join(import.meta.dirname, '../../services/main.ts');
const run = promisify(execFile);
const PROMPT = 'Which of these two answers is better? My diagnosis is in the second.';
const DATABASE = `dlq_command_${process.pid}`;
let server: TestKafka;
let clickHouse: TestClickHouse;

/** The command against the test's broker: what it prints, and its exit code. */
async function dlq(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    KAFKA_BROKERS: server.brokers,
    CLICKHOUSE_URL: clickHouse.url,
    STILLWATCH_CLICKHOUSE_DATABASE: DATABASE,
  };
  try {
    return { code: 0, ...(await run(process.execPath, [MAIN, 'dlq', ...args], { env })) };
  } catch (error) {
    // execFile rejects with what the process left behind.
    return error as { code: number; stdout: string; stderr: string };
  }
}
const listed = async (...args: string[]): Promise<{ letter: string; reason: string; bytes: number }[]> =>
  (await dlq('ls', '--json', ...args)).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const letters = async (...args: string[]): Promise<string[]> => (await listed(...args)).map(({ letter }) => letter);

before(async () => {
  [server, clickHouse] = await Promise.all([startKafkaForTest(), startClickHouseForTest()]);
  const tables = openClickHouseForTest(clickHouse.url, DATABASE);
  await migrateUp(tables, DATABASE);
  await tables.close();
  await stillwatch(['topics', 'apply'], { KAFKA_BROKERS: server.brokers });
  const kafka = createKafkaClient(
    { brokers: server.brokers.split(','), clientId: 'dlq-test' },
    pino({ level: 'silent' }),
  );
  const topic = 'llm.api-calls';
  await writeLetters(kafka, [
    { topic, partition: 0, offset: 7, key: Buffer.from('acct_1'), value: Buffer.from(PROMPT) },
    { topic, partition: 1, offset: 9, reason: 'unknown_schema', key: Buffer.from(PROMPT), value: Buffer.of(0, 1, 2) },
    { topic: 'llm.accounts', partition: 0, offset: 3, reason: 'tombstone', value: null },
    { topic, partition: 0, offset: 8, value: Buffer.alloc(5_000, 'x') },
  ]);
});
after(() => Promise.all([server.stop(), clickHouse.stop()]));

/** What the audit log says, oldest first. */
async function audited(): Promise<unknown[]> {
  const tables = openClickHouseForTest(clickHouse.url, DATABASE);
  try {
    const rows = await createAuditLog(tables, DATABASE, Date.now).list(null, 100);
    return rows.reverse().map(({ author, action, target, detail }) => [author, action, target, JSON.parse(detail)]);
  } finally {
    await tables.close();
  }
}

test('ls lists letters with reason, place and size, by reason, topic and time, and never their bytes', async () => {
  assert.deepEqual(await letters(), [
    'llm.api-calls/0/7',
    'llm.api-calls/1/9',
    'llm.accounts/0/3',
    'llm.api-calls/0/8',
  ]);
  assert.deepEqual(await letters('--reason', 'unknown_schema', '--reason', 'tombstone', '--topic', 'llm.api-calls'), [
    'llm.api-calls/1/9',
  ]);
  assert.deepEqual(await letters('--since', '2100-01-01T00:00:00Z'), []);
  const { stdout } = await dlq('ls', '--limit', '3');
  assert.match(stdout, /^llm\.accounts\/0\/3 +tombstone +0 /m);
  assert.match(stdout, /4 in all, the newest 3 shown: --limit 4: 2 not_avro, 1 unknown_schema, 1 tombstone/);
  assert.doesNotMatch(stdout, /diagnosis/);
});

test('show prints bytes as digits, and text only when asked for, with a warning', async () => {
  const hex = await dlq('show', 'llm.api-calls/0/7');
  assert.match(hex.stdout, /^key {7}acct_1$/m);
  assert.match(hex.stdout, /^00000000 {2}57 68 69 63 68 20 /m);
  assert.doesNotMatch(hex.stdout, /diagnosis/);
  assert.match((await dlq('show', 'llm.api-calls/0/7', '--base64')).stdout, /^V2hpY2gg/m);
  assert.doesNotMatch((await dlq('show', 'llm.api-calls/1/9')).stdout, /diagnosis/, 'nor a text in place of a key');
  const text = await dlq('show', 'llm.api-calls/0/7', '--text');
  assert.match(text.stderr, /WARNING/);
  assert.match(text.stdout, /diagnosis/);
  const json = JSON.parse((await dlq('show', 'llm.api-calls/0/7', '--json')).stdout);
  assert.equal(Buffer.from(json.value_base64, 'base64').toString(), PROMPT);
  assert.match((await dlq('show', 'llm.api-calls/0/8')).stdout, /\.\.\. and 3976 bytes more: --whole/);
});

test('requeue says what it did and would do, and ls knows what is still pending', async () => {
  const meant = ['requeue', '--reason', 'not_avro'];
  assert.match((await dlq(...meant, '--dry-run')).stdout, /^2 would be requeued, 0 had been before\n$/);
  assert.equal((await letters('--pending')).length, 4, 'nothing was sent');
  assert.deepEqual(await audited(), []);
  assert.match((await dlq(...meant, '--by', 'kim')).stdout, /^2 requeued, 0 had been before\n$/);
  const detail = { letters: [], reason: 'not_avro', since: null, until: null };
  assert.deepEqual(await audited(), [['kim', 'requeue', '', detail]]);
  assert.deepEqual(JSON.parse((await dlq(...meant, '--json')).stdout), {
    requeued: 0,
    already: 2,
    internal: 0,
    missing: [],
  });
  assert.deepEqual(await letters('--pending'), ['llm.api-calls/1/9', 'llm.accounts/0/3']);
  assert.match((await dlq('show', 'llm.api-calls/0/7')).stdout, /^requeued {2}20/m);
});

test('what cannot be written down is not sent, but where that is asked for', async () => {
  const meant = ['requeue', '--reason', 'unknown_schema', '--set', 'clickhouse.url=http://127.0.0.1:1'];
  const refused = await dlq(...meant);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /nothing was changed, since the audit log cannot be written: .* --no-audit/);
  assert.ok((await letters('--pending')).includes('llm.api-calls/1/9'));
  assert.match((await dlq(...meant, '--no-audit')).stdout, /^1 requeued/);
});

test('wrong use ends with 2, what is not there with 1', async () => {
  const ends = async (code: number, says: RegExp, ...args: string[]): Promise<void> => {
    const ended = await dlq(...args);
    assert.equal(ended.code, code, args.join(' '));
    assert.match(ended.stderr, says);
  };
  await ends(2, /say which/, 'requeue');
  await ends(2, /--all stands alone/, 'requeue', '--all', '--reason', 'not_avro');
  await ends(2, /missing required argument/, 'show');
  await ends(2, /choose one/, 'show', 'llm.api-calls/0/7', '--text', '--json');
  await ends(2, /must be a time/, 'ls', '--since', 'yesterday');
  await ends(1, /there is no dead letter llm\.api-calls\/5\/5/, 'show', 'llm.api-calls/5/5');
  await ends(1, /there is no dead letter llm\.api-calls\/5\/5/, 'requeue', 'llm.api-calls/5/5');
  const help = await dlq('requeue', '--help');
  assert.match(help.stdout, /older than the watermark by now is late/);
});
