import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import { eraseAccount, HOLDINGS, rowsOf } from '../../services/privacy/erase.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { openClickHouseForTest } from '../support/pipeline.ts';
import { withoutCluster } from '../support/without-cluster.ts';
import { ACCOUNT, OTHER, seedAccount } from './seeded-account.ts';

const SINGLE = `privacy_${process.pid}`;
const CLUSTER = `privacy_cluster_${process.pid}`;
let server: TestClickHouse;
let single: ClickHouse;
let cluster: ClickHouse;

before(async () => {
  server = await startClickHouseForTest();
  single = openClickHouseForTest(server.url, SINGLE);
  await migrateUp(single, SINGLE);
  await seedAccount(single);
  cluster = withoutCluster(openClickHouseForTest(server.url, CLUSTER));
  await migrateUp(cluster, CLUSTER, 'prod');
  await seedAccount({ ...cluster, insert: (table, rows, token) => cluster.insert(`${table}_local`, rows, token) });
});
after(async () => {
  for (const [clickHouse, database] of [
    [single, SINGLE],
    [cluster, CLUSTER],
  ] as const) {
    await clickHouse.command(`DROP DATABASE IF EXISTS ${database}`);
    await clickHouse.close();
  }
  await server.stop();
});

/** Every column of every table with the name in it, as it is or as a literal or JSON writes it; the other's name does not count. */
async function columnsWith(name: string, clickHouse: ClickHouse, database: string): Promise<string[]> {
  const columns = await clickHouse.query<{ table: string; name: string; type: string }>(
    "SELECT table, name, type FROM system.columns WHERE database = {database:String} AND type LIKE '%String%' AND table NOT LIKE '%\\\\_local' ORDER BY table, name",
    { database },
  );
  assert.ok(columns.length > 50);
  const ends = [name, JSON.stringify(name).slice(1, -1), name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")];
  const found: string[] = [];
  for (const { table, name: column, type } of columns) {
    const text = type.startsWith('Array') ? `arrayStringConcat(${column}, ' ')` : `toString(${column})`;
    const rows = await clickHouse.query(
      `SELECT 1 FROM ${database}.${table} WHERE arrayExists(end -> position(replaceAll(${text}, concat(end, '2'), ''), end) > 0, {ends:Array(String)}) LIMIT 1`,
      { ends },
    );
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

test('every table that names accounts is among those that are erased from', async () => {
  const columns = await single.query<{ table: string }>(
    "SELECT DISTINCT table FROM system.columns WHERE database = {database:String} AND name IN ('account_id', 'sample_accounts', 'subject_id', 'alert_id', 'target_id', 'target')",
    { database: SINGLE },
  );
  assert.deepEqual(columns.map(({ table }) => table).sort(), [...new Set(HOLDINGS.map(({ table }) => table))].sort());
});

const EVERYWHERE = [
  'account_windows.account_id',
  'alert_handling.alert_id',
  'alert_handling.note',
  'alert_marks.alert_id',
  'alert_marks.duplicate_of',
  'alert_marks.note',
  'alerts.alert_id',
  'alerts.query',
  'alerts.sample_accounts',
  'alerts.subject_id',
  'assignments.account_id',
  'audit_log.detail',
  'audit_log.target',
  'cluster_windows.sample_accounts',
  'cluster_windows.subject_id',
  'deliveries.alert_id',
  'deliveries.subject_id',
  'memberships.account_id',
  'silences.reason',
  'silences.target_id',
  'undelivered.alert_id',
  'undelivered.subject_id',
];

test('after it the name is in no text column of any table, and others stay as they are', async () => {
  const deps = { clickHouse: single, database: SINGLE, cluster: '' };
  assert.deepEqual(await columnsWith(ACCOUNT, single, SINGLE), EVERYWHERE);
  const others = await columnsWith(OTHER, single, SINGLE);
  const before = await rowsOf(ACCOUNT, deps);
  assert.deepEqual(await eraseAccount(ACCOUNT, deps), before);
  assert.deepEqual(await columnsWith(ACCOUNT, single, SINGLE), []);
  assert.deepEqual(await columnsWith(OTHER, single, SINGLE), others);
  assert.deepEqual(
    (await rowsOf(ACCOUNT, deps)).filter(({ rows }) => rows > 0),
    [],
  );
  const alerts = await single.query(
    `SELECT alert_id, sample_accounts FROM ${SINGLE}.alerts FINAL WHERE subject_type = 'cluster'`,
  );
  assert.deepEqual(alerts, [{ alert_id: 'a_c_1', sample_accounts: [OTHER] }]);
});

test('what people wrote keeps its words but the name, and names that begin or end like it', async () => {
  const marks = await single.query(`SELECT alert_id, duplicate_of, note FROM ${SINGLE}.alert_marks ORDER BY alert_id`);
  assert.deepEqual(marks, [
    { alert_id: `a_${OTHER}`, duplicate_of: '', note: `not ${OTHER}` },
    { alert_id: 'a_c_1', duplicate_of: '[erased]', note: 'with [erased],[erased] ([erased]): see x' },
  ]);
  const [entry] = await single.query<{ target: string; detail: string }>(
    `SELECT target, detail FROM ${SINGLE}.audit_log WHERE action = 'silence'`,
  );
  assert.equal(entry?.target, 'alert [erased]');
  assert.deepEqual(JSON.parse(entry.detail), { alert_ids: ['[erased]', `a_${OTHER}`], reason: '[erased] again' });
});

test('on a cluster rows go from the tables that hold them, on every node', async () => {
  const statements: string[] = [];
  const recorded: ClickHouse = {
    ...cluster,
    async command(sql) {
      statements.push(sql);
      await cluster.command(sql);
    },
  };
  await eraseAccount(ACCOUNT, { clickHouse: recorded, database: CLUSTER, cluster: 'prod' });
  assert.deepEqual(await columnsWith(ACCOUNT, cluster, CLUSTER), []);
  assert.equal(statements.length, HOLDINGS.length);
  for (const statement of statements) {
    assert.match(
      statement,
      /^ALTER TABLE \w+\.\w+_local ON CLUSTER prod (DELETE|UPDATE) .* SETTINGS mutations_sync = 2$/s,
    );
    // The engine understands it, `ON CLUSTER` and all.
    await single.query('SELECT formatQuery({statement:String})', { statement });
  }
});
