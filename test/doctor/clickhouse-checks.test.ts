import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../services/doctor/check.ts';
import { clickHouseChecks } from '../../services/doctor/clickhouse-checks.ts';
import { loadConfig } from '../../services/platform/config/load.ts';

const { config } = loadConfig({ flags: {}, environment: {}, file: null });
const NOW = Date.UTC(2026, 3, 22);

/** What is found of the clock when ClickHouse's is off by so many milliseconds and takes as many to answer. */
async function clockOff(by: number, takes = 0): Promise<string> {
  let time = NOW;
  const clickHouse = {
    check: async () => {},
    async query<Row>(sql: string): Promise<Row[]> {
      if (!sql.includes('now64')) return [];
      time += takes;
      // The one row that this question has, as the client gives it.
      return [{ at: String(time + by) }] as Row[];
    },
  };
  const results = await runChecks(
    clickHouseChecks(clickHouse, config, () => time),
    1_000,
  );
  const clock = results.find(({ name }) => name === 'clock');
  return `${clock?.outcome}: ${clock?.what}${clock?.mend === null ? '' : ` (${clock?.mend})`}`;
}

test('a clock that is ahead or behind is told with by how much, and what mends it', async () => {
  const mend = /\(let both machines follow a time server/;
  assert.match(await clockOff(90_000), /^fail: ClickHouse's is 90 s ahead of ours/);
  assert.match(await clockOff(-90_000), /^fail: ClickHouse's is 90 s behind ours/);
  assert.match(await clockOff(90_000), mend);
});

test('a few seconds are nothing, and neither is what the question itself took', async () => {
  const fine = "ok: ClickHouse's is within 5 s of ours";
  assert.equal(await clockOff(4_000), fine);
  assert.equal(await clockOff(-12_000, 10_000), fine);
});
