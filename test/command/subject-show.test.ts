import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { CAMPAIGN, CLUSTER, startSeededTables } from '../console/seeded.ts';
import { stillwatch } from '../support/pipeline.ts';

let tables: Awaited<ReturnType<typeof startSeededTables>>;
before(async () => {
  tables = await startSeededTables();
});
after(() => tables?.stop());

const show = (what: 'accounts' | 'clusters', ...args: string[]): Promise<string> =>
  stillwatch([what, 'show', ...args], {
    CLICKHOUSE_URL: tables.url,
    STILLWATCH_CLICKHOUSE_DATABASE: tables.database,
  });
const failsWith = (code: number, says: RegExp) => (error: Error & { code?: number; stderr?: string }) =>
  error.code === code && says.test(error.stderr ?? '');

test('a cluster is shown with its accounts, what joins them, and its alerts, for people and for programs', async () => {
  const cluster = JSON.parse(await show('clusters', CLUSTER, '--json'));
  assert.equal(cluster.cluster_id, CLUSTER);
  assert.ok(JSON.stringify(cluster).includes(CAMPAIGN));
  assert.deepEqual(parse(await show('clusters', CLUSTER)), cluster);
});

test('an account is shown with its windows and the clusters that it was in', async () => {
  const [row] = await tables.clickHouse.query<{ account_id: string }>(
    `SELECT account_id FROM ${tables.database}.assignments ORDER BY account_id LIMIT 1`,
  );
  const id = row?.account_id ?? '';
  const account = JSON.parse(await show('accounts', id, '--json'));
  assert.equal(account.account_id, id);
  assert.ok(JSON.stringify(account).includes(CLUSTER));
  assert.deepEqual(parse(await show('accounts', id)), account);
});

test('one of which nothing is known ends with 1, a size that there is not with 2', async () => {
  await assert.rejects(show('accounts', 'nobody'), failsWith(1, /nothing is known of account nobody/));
  await assert.rejects(show('clusters', 'c_none'), failsWith(1, /nothing is known of cluster c_none/));
  await assert.rejects(show('accounts', 'nobody', '--size', 'week'), failsWith(2, /hour, day/));
});
