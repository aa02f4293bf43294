import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import { onCluster } from '../../services/sink/cluster.ts';
import { allStatements, migrateDown, migrateUp } from '../../services/sink/migrate.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { openClickHouseForTest } from '../support/pipeline.ts';
import { withoutCluster } from '../support/without-cluster.ts';

const DATABASE = `cluster_test_${process.pid}`;
let server: TestClickHouse;
let clickHouse: ClickHouse;
before(async () => {
  server = await startClickHouseForTest();
  clickHouse = openClickHouseForTest(server.url, DATABASE);
});
after(async () => {
  await clickHouse.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse.close();
  await server.stop();
});

test('a table becomes a replicated one on every shard, and a distributed one under its own name', () => {
  const table = `CREATE TABLE IF NOT EXISTS d.t
(
    silence_id String,
    written_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY silence_id
SETTINGS non_replicated_deduplication_window = 1000`;
  assert.deepEqual(onCluster(table, 'prod'), [
    `CREATE TABLE IF NOT EXISTS d.t_local ON CLUSTER prod
(
    silence_id String,
    written_at DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/d/t', '{replica}', written_at)
ORDER BY silence_id
SETTINGS replicated_deduplication_window = 1000`,
    `CREATE TABLE IF NOT EXISTS d.t ON CLUSTER prod AS d.t_local
ENGINE = Distributed('prod', 'd', 't_local', cityHash64(silence_id))`,
  ]);
});

test('both tables are altered and dropped, rows are deleted and changed where they are, and what nobody has thought of is refused', () => {
  assert.deepEqual(onCluster('ALTER TABLE d.t\n    ADD COLUMN IF NOT EXISTS x String', 'prod'), [
    'ALTER TABLE d.t_local ON CLUSTER prod\n    ADD COLUMN IF NOT EXISTS x String',
    'ALTER TABLE d.t ON CLUSTER prod\n    ADD COLUMN IF NOT EXISTS x String',
  ]);
  assert.deepEqual(onCluster('ALTER TABLE d.t DELETE WHERE x = 1', 'prod'), [
    'ALTER TABLE d.t_local ON CLUSTER prod DELETE WHERE x = 1',
  ]);
  assert.deepEqual(onCluster('ALTER TABLE d.t UPDATE y = 2 WHERE x = 1', 'prod'), [
    'ALTER TABLE d.t_local ON CLUSTER prod UPDATE y = 2 WHERE x = 1',
  ]);
  assert.deepEqual(onCluster('DROP TABLE IF EXISTS d.t', 'prod'), [
    'DROP TABLE IF EXISTS d.t ON CLUSTER prod',
    'DROP TABLE IF EXISTS d.t_local ON CLUSTER prod SYNC',
  ]);
  assert.throws(() => onCluster('RENAME TABLE d.t TO d.u', 'prod'), /nobody has said what this is on a cluster/);
});

test('rows of one sorting key are on one shard: the sharding key is part of the sorting key', async () => {
  const statements = await allStatements(DATABASE, 'prod');
  const sharded = statements.flatMap((statement) => {
    const [, local = '', key = ''] =
      /Distributed\('prod', '\w+', '(\w+)', cityHash64\(([^)]+)\)\)/.exec(statement) ?? [];
    return local === '' ? [] : [{ local, key: key.split(', ') }];
  });
  assert.ok(sharded.length > 10);
  for (const { local, key } of sharded) {
    const created = statements.find((statement) => statement.includes(`.${local} ON CLUSTER`)) ?? '';
    const sorting = (/ORDER BY \(?([\w, ]+)/.exec(created)?.[1] ?? '').split(/,\s*/);
    for (const name of key) assert.ok(sorting.includes(name), `${local}: ${name} is not in its sorting key`);
  }
  const keyOf = (local: string) => sharded.find((table) => table.local === local)?.key;
  assert.deepEqual(keyOf('account_windows_local'), ['account_id']);
  assert.deepEqual(keyOf('cluster_windows_local'), ['subject_id']);
  // Joined by the console, by the alert.
  for (const table of ['alerts', 'alert_marks', 'alert_handling'])
    assert.deepEqual(keyOf(`${table}_local`), ['alert_id']);
});

test('the engine understands every statement for a cluster', async () => {
  for (const statement of await allStatements(DATABASE, 'prod')) {
    const [row] = await clickHouse.query<{ text: string }>('SELECT formatQuery({statement:String}) AS text', {
      statement,
    });
    assert.match(row?.text ?? '', /ON CLUSTER prod/);
  }
});

test('after every migration up and down a table and what leads to it have the same columns', async () => {
  const cluster = withoutCluster(clickHouse);
  const differing = () =>
    clickHouse.query(
      `SELECT replaceRegexpOne(table, '_local$', '') AS both, name AS column, groupArray(table) AS only_in FROM system.columns
       WHERE database = {database:String} AND table != 'signature_precision' GROUP BY ALL HAVING length(only_in) != 2`,
      { database: DATABASE },
    );
  const done = await migrateUp(cluster, DATABASE, 'prod');
  assert.ok(done.length > 3);
  assert.deepEqual(await differing(), []);
  for (const name of done.reverse()) {
    assert.equal(await migrateDown(cluster, DATABASE, 'prod'), name);
    assert.deepEqual(await differing(), []);
  }
  const left = await clickHouse.query(
    'SELECT name FROM system.tables WHERE database = {database:String} ORDER BY name',
    {
      database: DATABASE,
    },
  );
  assert.deepEqual(left, [{ name: 'migrations' }, { name: 'migrations_local' }]);
});
