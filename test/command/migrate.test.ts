import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { openClickHouseForTest, stillwatch } from '../support/pipeline.ts';

const DATABASE = `migrate_command_${process.pid}`;
let server: TestClickHouse;
before(async () => {
  server = await startClickHouseForTest();
});
after(async () => {
  const clickHouse = openClickHouseForTest(server.url, DATABASE);
  await clickHouse.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse.close();
  await server.stop();
});

const migrate = (...args: string[]): Promise<string> =>
  stillwatch(['migrate', ...args], { CLICKHOUSE_URL: server.url, STILLWATCH_CLICKHOUSE_DATABASE: DATABASE });

test('the tables are brought up to date and back by the command, and nothing is deleted without --yes', async () => {
  const { pending }: { pending: string[] } = JSON.parse(await migrate('status', '--json'));
  const newest = pending.at(-1) ?? '';
  assert.match(newest, /^\d{3}-/);
  assert.equal(await migrate('up'), pending.map((name) => `applied ${name}\n`).join(''));
  assert.equal(await migrate('status'), 'up to date\n');
  assert.equal(await migrate('down'), `would take back ${newest}, and delete what it holds: --yes does it\n`);
  assert.equal(await migrate('status'), 'up to date\n');
  assert.equal(await migrate('down', '--yes'), `took back ${newest}\n`);
  assert.equal(await migrate('status'), `pending ${newest}\n`);
  assert.equal(await migrate('up'), `applied ${newest}\n`);
});

test('the statements can be printed, for one server and for a cluster', async () => {
  assert.match(await migrate('print'), new RegExp(`^CREATE TABLE IF NOT EXISTS ${DATABASE}\\.alerts\\n`, 'm'));
  assert.match(
    await migrate('print', '--cluster', 'prod'),
    new RegExp(`${DATABASE}\\.alerts_local ON CLUSTER prod\\n`),
  );
});
