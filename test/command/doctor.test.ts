import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CheckResult } from '../../services/doctor/check.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { startKafkaForTest, type TestKafka } from '../support/kafka.ts';
import { openClickHouseForTest, stillwatch } from '../support/pipeline.ts';

const DATABASE = `doctor_${process.pid}`;
let clickHouse: TestClickHouse;
let kafka: TestKafka;
let folder = '';

/** What the doctor finds by name, and whether it ends with 0. */
async function doctor(...args: string[]): Promise<{ found: Map<string, CheckResult>; isWell: boolean }> {
  const env = {
    KAFKA_BROKERS: kafka.brokers,
    CLICKHOUSE_URL: clickHouse.url,
    STILLWATCH_CLICKHOUSE_DATABASE: DATABASE,
  };
  let isWell = true;
  const printed = await stillwatch(['doctor', '--json', ...args], env).catch((error: Error & { stdout?: string }) => {
    isWell = false;
    return error.stdout ?? '';
  });
  const results: CheckResult[] = JSON.parse(printed);
  return { found: new Map(results.map((result) => [result.name, result])), isWell };
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-doctor-'));
  [clickHouse, kafka] = await Promise.all([startClickHouseForTest(), startKafkaForTest()]);
});
after(async () => {
  await Promise.all([clickHouse.stop(), kafka.stop()]);
  await rm(folder, { recursive: true, force: true });
});

test('what is missing is named with what mends it, and nothing is missing once that was done', async () => {
  const before = await doctor();
  assert.equal(before.isWell, false);
  assert.equal(before.found.get('topics')?.outcome, 'fail');
  assert.equal(before.found.get('topics')?.mend, 'stillwatch topics apply');
  assert.equal(before.found.get('tables')?.outcome, 'warn');
  assert.match(before.found.get('tables')?.what ?? '', /001/);

  await stillwatch(['topics', 'apply'], { KAFKA_BROKERS: kafka.brokers });
  const client = openClickHouseForTest(clickHouse.url, DATABASE);
  await migrateUp(client, DATABASE);
  await client.close();
  const { found, isWell } = await doctor();
  assert.deepEqual(
    [...found].map(([name, { outcome }]) => `${name} ${outcome}`),
    ['schemas ok', 'registry skipped', 'rules ok', 'kafka ok', 'topics ok', 'clickhouse ok', 'tables ok', 'clock ok'],
  );
  assert.equal(isWell, true);
});

test('topics of another size, and more replicas than brokers, are found', async () => {
  await stillwatch(['topics', 'apply'], { KAFKA_BROKERS: kafka.brokers });
  const { found } = await doctor('--set', 'topics.partitions=7');
  assert.match(found.get('topics')?.what ?? '', /llm\.api-calls has \d+ partitions, not 7/);
  const replicas = await doctor('--set', 'topics.replication_factor=3');
  assert.match(replicas.found.get('kafka')?.what ?? '', /1 broker\(s\) answer/);
});

test('what is wrong with the rules is told with its place', async () => {
  const file = join(folder, 'rules.yaml');
  await writeFile(file, 'version: 1\nsignatures:\n  no-such-signature:\n    mode: on\n');
  const { found, isWell } = await doctor('--set', `rules.file=${file}`);
  assert.equal(isWell, false);
  assert.match(found.get('rules')?.what ?? '', /rules\.yaml:3/);
});
