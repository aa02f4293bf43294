import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAuditLog } from '../../services/feedback/audit.ts';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import type { Erased } from '../../services/privacy/erase.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { ACCOUNT, seedAccount } from '../privacy/seeded-account.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { openClickHouseForTest, stillwatch } from '../support/pipeline.ts';

const DATABASE = `privacy_command_${process.pid}`;
let server: TestClickHouse;
let clickHouse: ClickHouse;
before(async () => {
  server = await startClickHouseForTest();
  clickHouse = openClickHouseForTest(server.url, DATABASE);
  await migrateUp(clickHouse, DATABASE);
  await seedAccount(clickHouse);
});
after(async () => {
  await clickHouse.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse.close();
  await server.stop();
});

const erase = (...args: string[]): Promise<string> =>
  stillwatch(['privacy', 'erase', ...args], {
    CLICKHOUSE_URL: server.url,
    STILLWATCH_CLICKHOUSE_DATABASE: DATABASE,
  });
const counted = async (...args: string[]): Promise<number> => {
  const erased: Erased[] = JSON.parse(await erase(ACCOUNT, '--json', ...args));
  return erased.reduce((sum, { rows }) => sum + rows, 0);
};

test('a rehearsal counts and changes nothing, then the account goes, and the audit log says who did it without naming it', async () => {
  const audit = createAuditLog(clickHouse, DATABASE, Date.now);
  const entries = async () => (await audit.list(null, 10)).filter(({ action }) => action === 'erase account');
  const before = await counted('--dry-run');
  assert.ok(before > 10);
  assert.match(await erase(ACCOUNT, '--dry-run'), /^table +would be +rows\naccount_windows +deleted +1\n/);
  assert.equal(await counted('--dry-run'), before);
  assert.deepEqual(await entries(), []);

  assert.equal(await counted('--by', 'kim'), before);
  assert.equal(await counted('--dry-run'), 0);
  const [entry, ...more] = await entries();
  assert.deepEqual(more, []);
  assert.deepEqual([entry?.author, entry?.target, entry?.detail], ['kim', '', '{}']);
  assert.notEqual(entry?.address, '');
});

test('wrong use ends with 2, a ClickHouse that does not answer with 1', async () => {
  const endsWith = (code: number, says: RegExp) => (error: Error & { code?: number; stderr?: string }) =>
    error.code === code && says.test(error.stderr ?? '');
  await assert.rejects(erase(), endsWith(2, /missing required argument/));
  await assert.rejects(erase(ACCOUNT, '--set', 'clickhouse.url=http://127.0.0.1:1'), endsWith(1, /What to do/));
});
