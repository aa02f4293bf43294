import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import { eraseAccount, HOLDINGS, rowsOf } from '../../services/privacy/erase.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { assignmentRow } from '../../services/sink/rows/assignment.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { openClickHouseForTest } from '../support/pipeline.ts';
import { alertEvent, T } from '../support/records.ts';

const DATABASE = `privacy_${process.pid}`;
/** With what would end a quoted text early. */
const ACCOUNT = "acct_o'hara\\";
let server: TestClickHouse;
let clickHouse: ClickHouse;

const assigned = (account_id: string) =>
  assignmentRow({
    account_id,
    cluster_id: 'c_1',
    version: 1,
    effective_at: T,
    reason: 'joined',
    previous_cluster_id: null,
    cluster_size: 2,
    evidence: [],
  });
const alert = (alert_id: string, over: object) =>
  alertRow({ ...alertEvent(), alert: { ...alertEvent().alert, alert_id, ...over } });

before(async () => {
  server = await startClickHouseForTest();
  clickHouse = openClickHouseForTest(server.url, DATABASE);
  await migrateUp(clickHouse, DATABASE);
  await clickHouse.insert('assignments', [assigned(ACCOUNT), assigned('acct_other')], '1');
  await clickHouse.insert(
    'alerts',
    [
      alert('a_own', { subject_type: 'account', subject_id: ACCOUNT, sample_accounts: [ACCOUNT] }),
      alert('a_cluster', { subject_type: 'cluster', subject_id: 'c_1', sample_accounts: ['acct_other', ACCOUNT] }),
    ],
    '2',
  );
});
after(async () => {
  await clickHouse.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse.close();
  await server.stop();
});

test('every table that names accounts is among those that are erased from', async () => {
  const columns = await clickHouse.query<{ table: string }>(
    "SELECT DISTINCT table FROM system.columns WHERE database = {database:String} AND name IN ('account_id', 'sample_accounts', 'subject_id')",
    { database: DATABASE },
  );
  assert.deepEqual(columns.map(({ table }) => table).sort(), [...new Set(HOLDINGS.map(({ table }) => table))].sort());
});

test('an account goes from every table, its own alerts with it, and others stay as they are', async () => {
  const deps = { clickHouse, database: DATABASE };
  const before = await rowsOf(ACCOUNT, deps);
  assert.deepEqual(
    before.filter(({ rows }) => rows > 0).map(({ table, how, rows }) => `${table} ${how} ${rows}`),
    ['assignments delete 1', 'alerts delete 1', 'alerts take out 2'],
  );
  assert.deepEqual(await eraseAccount(ACCOUNT, deps), before);
  assert.deepEqual(
    (await rowsOf(ACCOUNT, deps)).filter(({ rows }) => rows > 0),
    [],
  );
  const alerts = await clickHouse.query<{ alert_id: string; sample_accounts: string[] }>(
    `SELECT alert_id, sample_accounts FROM ${DATABASE}.alerts FINAL`,
  );
  assert.deepEqual(alerts, [{ alert_id: 'a_cluster', sample_accounts: ['acct_other'] }]);
  const left = await clickHouse.query<{ account_id: string }>(`SELECT account_id FROM ${DATABASE}.assignments FINAL`);
  assert.deepEqual(left, [{ account_id: 'acct_other' }]);
});
