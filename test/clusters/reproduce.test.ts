import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { judgedFigures } from '../../services/clusters/judged-figures.ts';
import { type ClickHouse, createClickHouse } from '../../services/platform/clickhouse.ts';
import type { Alert } from '../../services/records/alert.ts';
import { HOUR } from '../../services/records/window.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { clusterWindowRow } from '../../services/sink/rows/cluster-window.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { seededRandom } from '../support/random.ts';
import { T } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';
import { shippedRules } from '../support/shipped.ts';
import { runLine } from './line.ts';
import { assignmentOf, type Crowd, crowdCalls, moved, type TestCall, windowsOf } from './windows.ts';

const database = `reproduce_${process.pid}`;
const rules = shippedRules();
let server: TestClickHouse;
let clickHouse: ClickHouse;

before(async () => {
  server = await startClickHouseForTest();
  clickHouse = createClickHouse({ url: server.url, database });
  await migrateUp(clickHouse, database);
});
after(async () => {
  await clickHouse?.command(`DROP DATABASE IF EXISTS ${database}`);
  await clickHouse?.close();
  await server?.stop();
});

/** The alerts of a cluster of these crowds, once all that they are about is stored. */
async function alertsOf(
  id: string,
  crowds: readonly Crowd[],
  calls: readonly TestCall[],
  hours: number,
): Promise<Alert[]> {
  const assignments = crowds.flatMap(({ prefix, accounts }) =>
    Array.from({ length: accounts }, (_, n) => assignmentOf(`${prefix}_${n}`, id)),
  );
  const { windows, alerts } = runLine(windowsOf(calls), assignments, { rules, partitions: 2, hours, database });
  await clickHouse.insert(
    'cluster_windows',
    windows.map((each) => rowByName(clusterWindowRow, each)),
    id,
  );
  await clickHouse.insert(
    'alerts',
    alerts.map((each) => rowByName(alertRow, each)),
    id,
  );
  return alerts.map(({ alert }) => alert);
}

/** What an alert says, by the names that its query gives. */
function figuresOf({ exchange_count, signatures }: Alert): Map<string, number> {
  const features = signatures.flatMap((signature) =>
    signature.features.map(({ name, value }) => [name, value] as const),
  );
  return new Map([['exchange_count', exchange_count], ...features]);
}

/** Names that the query gives, after each was found to be the very number of the alert. */
async function reproduced(alert: Alert): Promise<string[]> {
  const rows = await clickHouse.query<Record<string, number>>(alert.query);
  const [row] = rows;
  assert.ok(rows.length === 1 && row !== undefined, alert.query);
  const figures = figuresOf(alert);
  for (const [name, value] of Object.entries(row))
    assert.equal(value, figures.get(name), `${name} of revision ${alert.revision}: ${alert.query}`);
  return Object.keys(row);
}

test('the six hours that were judged together give the very figures again, at each revision up to the end', async () => {
  const harvest: Crowd = { prefix: 'six', accounts: 12, rate: 7, harvest: 0.8 };
  // Longer than the span, with a gap, so that hours fall out of it at both of its ends.
  const calls = [
    ...crowdCalls([harvest], 9, seededRandom(1)),
    ...moved(crowdCalls([harvest], 3, seededRandom(2)), 11 * HOUR),
  ];
  const alerts = await alertsOf("c_six'\\", [harvest], calls, 60);
  assert.equal(alerts.at(-1)?.status, 'resolved');
  assert.ok(alerts.length > 8);
  for (const alert of alerts) {
    const names = await reproduced(alert);
    for (const name of ['exchange_count', 'product_share', 'chain_of_thought_share', 'agentic_share', 'active_share'])
      assert.ok(names.includes(name), `${name} in ${names}`);
  }
});

test('so does a day of hours that say too little by sixes', async () => {
  const slow: Crowd = { prefix: 'slow', accounts: 10, rate: 0.45, harvest: 0.9 };
  const alerts = await alertsOf('c_slow', [slow], crowdCalls([slow], 50, seededRandom(1)), 50);
  const late = alerts.filter(({ updated_at }) => updated_at > T + 26 * HOUR);
  assert.ok(late.length > 3);
  for (const alert of late) assert.ok((await reproduced(alert)).includes('product_share'));
});

test('a part of an hour is made again of its minutes, without the last one of the hour before and those too quiet to count', async () => {
  const quiet: Crowd = { prefix: 'loud', accounts: 20, rate: 4, harvest: 0.8 };
  const random = seededRandom(1);
  const loud = crowdCalls([{ ...quiet, rate: 150 }], 1, random);
  const ramp = loud.filter(({ at }, n) => at - T > HOUR / 12 || n % 40 === 0);
  // A minute of the hour before that is loud enough to be counted.
  const burst = loud.slice(0, 10).map((call, n) => ({ ...call, at: T + HOUR - 1 - n }));
  const calls = [...crowdCalls([quiet], 1, random), ...burst, ...moved(ramp, HOUR)];
  const alerts = await alertsOf('c_loud', [quiet], calls, 30);
  const parts = alerts.filter(({ updated_at }) => updated_at % HOUR !== 0);
  assert.ok(parts.length > 0);
  for (const alert of alerts) assert.ok((await reproduced(alert)).includes('exchange_count'));
  for (const alert of parts) assert.ok((await reproduced(alert)).includes('product_share'));
});

test('of a sub-population the last hour is given, how it is operated by its cluster', async () => {
  const crowds: Crowd[] = [
    { prefix: 'resold', accounts: 8, rate: 12, harvest: 0.8 },
    { prefix: 'pool', accounts: 30, rate: 4, harvest: 0 },
  ];
  const alerts = await alertsOf('c_sub', crowds, crowdCalls(crowds, 30, seededRandom(3)), 30);
  const ofPart = alerts.filter(({ subject_id }) => subject_id === 'c_sub~product');
  assert.ok(ofPart.length > 0);
  for (const alert of ofPart) {
    const names = await reproduced(alert);
    assert.ok(
      names.includes('arrival_dispersion') &&
        names.includes('mix_divergence') === figuresOf(alert).has('mix_divergence'),
      names.join(),
    );
    assert.ok(!names.includes('exchange_count'));
  }
});

test('every figure of a revision can be asked for as it was judged', async () => {
  const harvest: Crowd = { prefix: 'kept', accounts: 12, rate: 5, harvest: 0.8 };
  const [first] = await alertsOf('c_kept', [harvest], crowdCalls([harvest], 4, seededRandom(1)), 4);
  assert.ok(first);
  const rows = await clickHouse.query(judgedFigures(database, first));
  const expected = first.signatures.flatMap(({ name: signature, features }) =>
    features.map(({ name, value, unit, threshold, contribution }) => ({
      signature,
      name,
      value,
      unit,
      threshold,
      contribution,
    })),
  );
  assert.ok(expected.length > 10);
  assert.deepEqual(rows, expected);
});
