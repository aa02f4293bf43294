import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import type { CheckResult } from '../../services/doctor/check.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { receiver } from '../notify/receiver.ts';
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
    [
      'schemas ok',
      'registry skipped',
      'rules ok',
      'hashing key warn',
      'kafka ok',
      'topics ok',
      'clickhouse ok',
      'tables ok',
      'clock ok',
      'targets skipped',
      'silences skipped',
    ],
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

test('rules that are not there are told with what mends it', async () => {
  const { found, isWell } = await doctor('--set', 'rules.file=/nowhere/rules.yaml');
  assert.equal(isWell, false);
  assert.match(found.get('rules')?.what ?? '', /no such file .*\/nowhere\/rules\.yaml/);
  assert.match(found.get('rules')?.mend ?? '', /^set rules\.file to a file that can be read/);
});

test('what does not answer is told with what mends it, and does not hide what else is wrong', async () => {
  const nobody = '127.0.0.1:1';
  const { found, isWell } = await doctor(
    ...['--set', `kafka.brokers=${nobody}`],
    ...['--set', `clickhouse.url=http://${nobody}`],
    ...['--set', `schema_registry.url=http://${nobody}`],
  );
  assert.equal(isWell, false);
  for (const [name, what, mend] of [
    ['kafka', /Kafka at 127\.0\.0\.1:1 does not answer/, /check KAFKA_BROKERS/],
    ['clickhouse', /ClickHouse at 127\.0\.0\.1:1 does not answer/, /check CLICKHOUSE_URL/],
    ['registry', /schema registry at 127\.0\.0\.1:1 does not answer/, /SCHEMA_REGISTRY_URL/],
  ] as const) {
    assert.equal(found.get(name)?.outcome, 'fail', name);
    assert.match(found.get(name)?.what ?? '', what);
    assert.match(found.get(name)?.mend ?? '', mend);
  }
  for (const name of ['topics', 'tables', 'clock']) assert.equal(found.get(name)?.outcome, 'skipped', name);
});

test('a registry that fails is told', async () => {
  const registry = createServer((_, response) => response.writeHead(500).end('{}')).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const address = registry.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { found } = await doctor('--set', `schema_registry.url=http://127.0.0.1:${port}`);
  registry.close();
  assert.equal(found.get('registry')?.outcome, 'fail');
  assert.match(found.get('registry')?.what ?? '', /500/);
  assert.notEqual(found.get('registry')?.mend, null);
});

test('targets of alerts are connected to and told nothing, and silences are read', async () => {
  const hook = await receiver([]);
  const config = join(folder, 'targets.yaml');
  const webhook = { name: 'channel', type: 'webhook', url: hook.url, allow_private_address: true };
  const routes = [{ targets: ['channel'] }];
  await writeFile(config, stringify({ notify: { targets: [webhook], routes } }));
  const client = openClickHouseForTest(clickHouse.url, DATABASE);
  await migrateUp(client, DATABASE);
  await client.close();
  const well = await doctor('--config', config);
  assert.deepEqual(
    ['targets', 'silences'].map((name) => `${well.found.get(name)?.outcome}: ${well.found.get(name)?.what}`),
    ['ok: channel: can be connected to', 'ok: can be read; 0 in force'],
  );
  assert.deepEqual(hook.received, []);
  await hook.close();

  const pager = { name: 'oncall', type: 'pagerduty', routing_key: { env: 'NOT_SET_HERE' } };
  await writeFile(config, stringify({ notify: { targets: [webhook, pager], routes } }));
  const { found, isWell } = await doctor('--config', config);
  assert.equal(isWell, false);
  assert.match(found.get('targets')?.what ?? '', /^channel: ECONNREFUSED; oncall: .*NOT_SET_HERE/);
  assert.match(found.get('targets')?.mend ?? '', /stillwatch notify test channel/);
});
