import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { createAuditLog } from '../../services/feedback/audit.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { RULES, TEXT } from '../rules/rules-text.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { startKafkaForTest, type TestKafka } from '../support/kafka.ts';
import { openClickHouseForTest, stillwatch } from '../support/pipeline.ts';

const DATABASE = `over_kafka_${process.pid}`;
let kafka: TestKafka;
let clickHouse: TestClickHouse;
let folder = '';
const file = (name: string): string => join(folder, name);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-over-kafka-'));
  [kafka, clickHouse] = await Promise.all([startKafkaForTest(), startClickHouseForTest()]);
  const tables = openClickHouseForTest(clickHouse.url, DATABASE);
  await migrateUp(tables, DATABASE);
  await tables.close();
  await writeFile(file('first.yaml'), TEXT);
  await writeFile(file('second.yaml'), TEXT.replace(/page_from: [\d.]+/, 'page_from: 0.9'));
  await stillwatch(['simulate', '--scenario', 'small', '--days', '0.05', '--out', file('traffic')]);
});
after(async () => {
  await Promise.all([kafka.stop(), clickHouse.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<string> =>
  stillwatch(args, {
    KAFKA_BROKERS: kafka.brokers,
    CLICKHOUSE_URL: clickHouse.url,
    STILLWATCH_CLICKHOUSE_DATABASE: DATABASE,
  });
const endsWith = (code: number, says: RegExp) => (error: Error & { code?: number; stdout?: string; stderr?: string }) =>
  error.code === code && says.test(`${error.stdout}${error.stderr}`);

/** Messages that were ever written to a topic. */
async function written(topic: string): Promise<number> {
  const client = createKafkaClient(
    { brokers: kafka.brokers.split(','), clientId: 'over-kafka-test' },
    pino({ level: 'silent' }),
  );
  const ends = await withAdmin(client, (admin) => admin.fetchTopicOffsets(topic));
  return ends.reduce((sum, { high }) => sum + Number(high), 0);
}

async function audited(): Promise<unknown[]> {
  const tables = openClickHouseForTest(clickHouse.url, DATABASE);
  try {
    const rows = await createAuditLog(tables, DATABASE, Date.now).list(null, 100);
    return rows.reverse().map(({ author, action, target }) => [author, action, target]);
  } finally {
    await tables.close();
  }
}

test('topics are planned without being made, then made, then there', async () => {
  const actions = async (verb: string) => {
    const topics: { topic: string; action: string }[] = JSON.parse(await run('topics', verb, '--json'));
    assert.ok(topics.some(({ topic }) => topic === TOPICS.calls));
    return new Set(topics.map(({ action }) => action));
  };
  assert.match(await run('topics', 'plan'), /^llm\.api-calls +4 partitions {2}to create +input; retention/m);
  assert.deepEqual(await actions('plan'), new Set(['create']));
  assert.deepEqual(await actions('apply'), new Set(['created']));
  assert.deepEqual(await actions('plan'), new Set(['keep']));
  assert.match(await run('topics', 'plan', '--set', 'topics.partitions=5'), /DIFFERS: has 4 partitions, not 5/);
});

test('publishing is rehearsed without a message, and then counts the same', async () => {
  const files = ['--calls', file('traffic/calls.jsonl'), '--accounts', file('traffic/accounts.jsonl'), '--json'];
  const rehearsed = JSON.parse(await run('publish', ...files, '--dry-run'));
  assert.ok(rehearsed.calls > 0 && rehearsed.accounts > 0);
  assert.equal((await written(TOPICS.calls)) + (await written(TOPICS.accounts)), 0);
  assert.deepEqual(JSON.parse(await run('publish', ...files)), rehearsed);
  assert.deepEqual(
    [await written(TOPICS.calls), await written(TOPICS.accounts)],
    [rehearsed.calls, rehearsed.accounts],
  );
});

test('applying rules is rehearsed without a word to anybody, and then done and written down', async () => {
  await assert.rejects(run('rules', 'export'), endsWith(1, /no rules are in force.*rules ls/));
  assert.equal(
    await run('rules', 'apply', file('first.yaml'), '--dry-run'),
    `rules ${RULES.hash} would hold from the beginning of event time on\n`,
  );
  assert.deepEqual([await written(TOPICS.rules), await audited()], [0, []]);
  assert.match(await run('rules', 'apply', file('first.yaml'), '--by', 'kim'), / hold from the beginning /);
  assert.deepEqual(await audited(), [['kim', 'apply rules', RULES.hash]]);
  await assert.rejects(
    run('rules', 'apply', file('second.yaml'), '--set', 'clickhouse.url=http://127.0.0.1:1'),
    endsWith(1, /nothing was changed.*--no-audit/),
  );
  const versions: unknown[] = JSON.parse(await run('rules', 'ls', '--json'));
  assert.equal(versions.length, 1);
});

test('what is in force can be exported, compared with a file, and differs from what was exported in nothing', async () => {
  await writeFile(file('exported.yaml'), await run('rules', 'export', 'in-force'));
  assert.equal(await run('rules', 'diff', file('exported.yaml'), '--exit-code'), 'no difference\n');
  await assert.rejects(run('rules', 'diff', file('second.yaml'), '--exit-code'), endsWith(1, /page_from +0\.6 +0\.9/));
  assert.equal(JSON.parse(await run('rules', 'export', RULES.hash.slice(0, 6), '--json')).rules.hash, RULES.hash);
  // Published, but in force only later.
  await run('rules', 'apply', file('second.yaml'), '--at', '2100-01-01T00:00:00Z');
  assert.equal(await run('rules', 'diff', file('exported.yaml'), '--exit-code'), 'no difference\n');
  await assert.rejects(run('rules', 'export', 'ffff'), endsWith(1, /no rules ffff were published/));
});
