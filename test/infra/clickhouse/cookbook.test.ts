import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { migrateUp } from '../../../services/sink/migrate.ts';
import { alertRow } from '../../../services/sink/rows/alert.ts';
import { assignmentRow } from '../../../services/sink/rows/assignment.ts';
import { startClickHouseForTest, type TestClickHouse } from '../../support/clickhouse.ts';
import { openClickHouseForTest } from '../../support/pipeline.ts';
import { alertEvent, T } from '../../support/records.ts';
import { rowByName } from '../../support/row-by-name.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../infra/clickhouse/cookbook.md'), 'utf8');
/** Each query under its heading. */
const QUERIES = [...PAGE.matchAll(/^## (.+?)\n[\s\S]*?```sql\n([\s\S]*?);?\n```/gm)].map(
  ([, title = '', sql = '']) => ({
    title,
    sql,
  }),
);
const PARAMETERS = { cluster: 'c_1', account: 'acct_1', day: '2026-04-22' };
const DATABASE = `cookbook_${process.pid}`;
let server: TestClickHouse;

const linked = (account_id: string) =>
  rowByName(assignmentRow, {
    account_id,
    cluster_id: 'c_1',
    version: 1,
    effective_at: T,
    reason: 'joined',
    previous_cluster_id: null,
    cluster_size: 2,
    evidence: [{ kind: 'signup_device', attribute: 'dev_9c…', accounts: 2, weight: 0.9 }],
  });

before(async () => {
  server = await startClickHouseForTest();
  const clickHouse = openClickHouseForTest(server.url, DATABASE);
  await migrateUp(clickHouse, DATABASE);
  await clickHouse.insert('assignments', [linked('acct_1'), linked('acct_2')], 'assignments');
  await clickHouse.insert('alerts', [rowByName(alertRow, alertEvent())], 'alerts');
  await clickHouse.close();
});
after(async () => {
  const clickHouse = openClickHouseForTest(server.url, DATABASE);
  await clickHouse.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse.close();
  await server.stop();
});

/** As a person runs it: with the database as the current one. */
async function run(sql: string): Promise<Record<string, unknown>[]> {
  const url = new URL(server.url);
  const authorization = `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`;
  url.username = '';
  url.password = '';
  url.searchParams.set('database', DATABASE);
  for (const [name, value] of Object.entries(PARAMETERS)) url.searchParams.set(`param_${name}`, value);
  const answer = await fetch(url, { method: 'POST', body: `${sql} FORMAT JSONEachRow`, headers: { authorization } });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

test('the page has its queries', () => {
  assert.equal(QUERIES.length, PAGE.match(/^## /gm)?.length);
});

for (const { title, sql } of QUERIES) test(`runs: ${title}`, async () => void (await run(sql)));

test('what joins a cluster counts its accounts, and who is in it names them', async () => {
  const of = (title: string): string => QUERIES.find((query) => query.title === title)?.sql ?? assert.fail(title);
  assert.deepEqual(
    (await run(of('What joins a cluster'))).map(({ kind, attribute, accounts }) => [kind, attribute, Number(accounts)]),
    [['signup_device', 'dev_9c…', 2]],
  );
  assert.deepEqual(
    (await run(of('Who is in a cluster now, and since when'))).map(({ account_id }) => account_id).sort(),
    ['acct_1', 'acct_2'],
  );
  assert.equal((await run(of('What is open, worst first'))).length, 1);
});
