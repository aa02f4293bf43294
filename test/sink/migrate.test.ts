import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ClickHouse, createClickHouse } from '../../services/platform/clickhouse.ts';
import { FEATURES } from '../../services/records/features.ts';
import { migrateDown, migrateUp } from '../../services/sink/migrate.ts';
import { accountWindowRow } from '../../services/sink/rows/account-window.ts';
import { clusterWindowRow } from '../../services/sink/rows/cluster-window.ts';
import { FEATURE_TABLES } from '../../services/sink/tables.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { accountWindow, clusterWindow } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';

const MIGRATIONS = join(import.meta.dirname, '../../services/sink/migrations');
const database = `migrate_test_${process.pid}`;
let server: TestClickHouse;
let clickHouse: ClickHouse;
before(async () => {
  server = await startClickHouseForTest();
  clickHouse = createClickHouse({ url: server.url, database });
});
after(async () => {
  await clickHouse.command(`DROP DATABASE IF EXISTS ${database}`);
  await clickHouse.close();
  await server.stop();
});

async function columns(table: string): Promise<Map<string, string>> {
  const found = await clickHouse.query<{ name: string; comment: string }>(
    'SELECT name, comment FROM system.columns WHERE database = {database:String} AND table = {table:String}',
    { database, table },
  );
  return new Map(found.map(({ name, comment }) => [name, comment]));
}

test('every feature is added by exactly one migration, to both tables', async () => {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.up.sql'));
  const texts = await Promise.all(files.map((file) => readFile(join(MIGRATIONS, file), 'utf8')));
  const added = texts.flatMap((text) => [...text.matchAll(/\{(?:columns|add):([^}]*)\}/g)]);
  const names = added.flatMap(([, list = '']) => list.trim().split(/\s+/));
  for (const { name } of FEATURES)
    assert.equal(names.filter((known) => known === name).length, FEATURE_TABLES.length, `${name} needs a migration`);
});

test('the migrations give every feature a column whose comment says its formula and unit, and take it back', async () => {
  const done = await migrateUp(clickHouse, database);
  assert.deepEqual(done, [...done].sort());
  for (const table of FEATURE_TABLES) {
    const found = await columns(table);
    for (const { name, formula, unit } of FEATURES)
      assert.equal(found.get(name), `${formula} [${unit}]`, `${table}.${name}`);
  }
  const newest = done.at(-1);
  assert.equal(await migrateDown(clickHouse, database), newest);
  assert.deepEqual(await migrateUp(clickHouse, database), [newest]);
  assert.deepEqual(await migrateUp(clickHouse, database), []);
});

test('what the second migration added can be taken back, and the first one alone still holds its rows', async () => {
  for (let taken = null; taken !== '002-campaign-features'; ) {
    taken = await migrateDown(clickHouse, database);
    assert.notEqual(taken, null);
  }
  for (const table of FEATURE_TABLES) {
    const found = await columns(table);
    assert.ok(found.has('evenness_gini'));
    assert.equal(found.has('evenness_excess'), false);
  }
  await migrateUp(clickHouse, database);
});

test('a comment that says an earlier formula is brought up to date', async () => {
  await clickHouse.command(`ALTER TABLE ${database}.account_windows COMMENT COLUMN calls 'what it once was'`);
  await migrateUp(clickHouse, database);
  assert.equal((await columns('account_windows')).get('calls'), 'number of calls [calls]');
});

test('rows of accounts and clusters go in as they are, and come back with their features', async () => {
  const call = { prompt: { template: 'a'.repeat(16), template_hash: 1, filling_hash: 1, markers: 1, script: 'latin' } };
  await clickHouse.insert(
    'account_windows',
    [rowByName(accountWindowRow, accountWindow('acct_1', [call, {}]))],
    'accounts',
  );
  await clickHouse.insert(
    'cluster_windows',
    [rowByName(clusterWindowRow, clusterWindow('c_1', 9, [call, {}]))],
    'clusters',
  );
  const select = 'product_share, agentic_share, shared_payment_degree, accounts';
  assert.deepEqual(await clickHouse.query(`SELECT ${select} FROM ${database}.account_windows FINAL`), [
    { product_share: 1, agentic_share: 0, shared_payment_degree: null, accounts: null },
  ]);
  assert.deepEqual(await clickHouse.query(`SELECT ${select} FROM ${database}.cluster_windows FINAL`), [
    { product_share: 1, agentic_share: 0, shared_payment_degree: 9, accounts: 9 },
  ]);
});
