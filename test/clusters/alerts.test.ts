import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlertEvent, type AlertFeature, BASELINE_PERCENTILES } from '../../services/records/alert.ts';
import { DAY, HOUR } from '../../services/records/window.ts';
import { seededRandom } from '../support/random.ts';
import { T } from '../support/records.ts';
import { shippedRules } from '../support/shipped.ts';
import { runLine } from './line.ts';
import { assignmentOf, type Crowd, crowdCalls, moved, windowsOf } from './windows.ts';

const rules = shippedRules();
const HARVEST: Crowd = { prefix: 'campaign', accounts: 12, rate: 5, harvest: 0.8 };

function names({ prefix, accounts }: Crowd): string[] {
  return Array.from({ length: accounts }, (_, i) => `${prefix}_${i}`);
}

function inCluster(crowd: Crowd, clusterId: string) {
  return names(crowd).map((account) => assignmentOf(account, clusterId));
}

function line(crowds: readonly Crowd[], busyHours: number, hours: number, seed = 1, partitions = 2) {
  const calls = crowdCalls(crowds, busyHours, seededRandom(seed));
  return (assignments: Parameters<typeof runLine>[1]) =>
    runLine(windowsOf(calls), assignments, { rules, partitions, hours });
}

function said({ type, emitted_at, alert }: AlertEvent): string {
  return `${(emitted_at - T) / HOUR} ${type.slice('stillwatch.alert.'.length)} ${alert.subject_id} ${alert.severity}`;
}

test('a campaign of twelve accounts with five calls an hour each pages after two hours, and says how many calls it had had', () => {
  const { alerts } = line([HARVEST], 4, 4)(inCluster(HARVEST, 'c_1'));
  const [first] = alerts;
  assert.ok(first);
  assert.equal(said(first), '2 opened c_1 page');
  assert.equal(first.alert.exchanges_before_alert, first.alert.exchange_count);
  for (const { alert } of alerts) {
    assert.equal(alert.alert_id, 'a_c_1');
    assert.equal(alert.exchanges_before_alert, first.alert.exchanges_before_alert);
  }
  assert.deepEqual(
    alerts.map(({ alert }) => alert.revision),
    alerts.map((_, i) => i + 1),
  );
});

test('a small slow one, ten accounts with ten calls a day each, is seen by the day', () => {
  const slow: Crowd = { prefix: 'slow', accounts: 10, rate: 0.45, harvest: 0.9 };
  const { alerts } = line([slow], 48, 48)(inCluster(slow, 'c_slow'));
  const [first] = alerts.filter(({ alert }) => alert.severity === 'page');
  assert.ok(first, 'paged');
  assert.ok(first.alert.exchanges_before_alert >= rules.alerts.least_calls);
});

test('one that turns very loud is told of within a quarter of an hour', () => {
  const quiet: Crowd = { prefix: 'loud', accounts: 20, rate: 4, harvest: 0.8 };
  const random = seededRandom(1);
  const calls = [...crowdCalls([quiet], 1, random), ...moved(crowdCalls([{ ...quiet, rate: 150 }], 1, random), HOUR)];
  const { alerts } = runLine(windowsOf(calls), inCluster(quiet, 'c_loud'), { rules, partitions: 2, hours: 2 });
  assert.match(said(alerts[0] ?? assert.fail()), /^1.25 opened c_loud (page|ticket)$/);
  assert.ok(alerts.every((event) => event.alert.alert_id === 'a_c_loud'));
});

test('when it stops it is lowered after twelve hours and resolved after a day, though nobody else in the world calls', () => {
  const { alerts } = line([HARVEST], 3, 60)(inCluster(HARVEST, 'c_1'));
  const last = alerts.filter(({ emitted_at }) => emitted_at > T + 10 * HOUR).map(said);
  assert.equal(last.length, 2);
  assert.match(last[0] ?? '', /updated c_1 ticket$/);
  assert.match(last[1] ?? '', /resolved c_1 ticket$/);
  assert.match(alerts.at(-1)?.alert.summary ?? '', /Resolved: no cause for 24 hours/);
});

test('a cluster that becomes part of another resolves its alert and says where to look', () => {
  const other: Crowd = { ...HARVEST, prefix: 'other', accounts: 30 };
  const at = T + 4 * HOUR;
  const { alerts } = line(
    [HARVEST, other],
    8,
    8,
  )([
    ...inCluster(HARVEST, 'c_1'),
    ...inCluster(other, 'c_2'),
    ...names(HARVEST).map((account) =>
      assignmentOf(account, 'c_2', { version: 2, effective_at: at, reason: 'merged', previous_cluster_id: 'c_1' }),
    ),
  ]);
  const ofFirst = alerts.filter(({ alert }) => alert.subject_id === 'c_1');
  assert.equal(said(ofFirst.at(-1) ?? assert.fail()), '4 resolved c_1 page');
  assert.match(ofFirst.at(-1)?.alert.summary ?? '', /part of c_2, for which a_c_2 stands/);
  const ofSecond = alerts.filter(({ alert }) => alert.subject_id === 'c_2');
  assert.equal(new Set(ofSecond.map(({ alert }) => alert.alert_id)).size, 1);
  assert.ok(ofSecond.every(({ alert }) => alert.status === 'open'));
});

test('a page is not held for a pool that has come into its cluster: the hour that does not deserve it lowers it', () => {
  const pool: Crowd = { prefix: 'pool', accounts: 40, rate: 20, harvest: 0 };
  const random = seededRandom(2);
  const calls = [...crowdCalls([HARVEST], 4, random), ...moved(crowdCalls([pool], 4, random), 4 * HOUR)];
  const said4To8 = (joined: boolean): string[] => {
    const assignments = [...inCluster(HARVEST, 'c_1'), ...(joined ? inCluster(pool, 'c_1') : [])];
    const { alerts } = runLine(windowsOf(calls), assignments, { rules, partitions: 2, hours: 8 });
    return alerts.map(said).filter((line) => Number(line.split(' ')[0]) >= 4);
  };
  assert.deepEqual(said4To8(true), ['4 updated c_1 page', ...[5, 6, 7, 8].map((hour) => `${hour} updated c_1 ticket`)]);
  assert.ok(
    said4To8(false).every((line) => line.endsWith('c_1 page')),
    'without them it stands',
  );
});

test('when nearly the whole cluster turns to harvesting, the alert of the part gives way to that of the whole', () => {
  const resold: Crowd = { prefix: 'resold', accounts: 6, rate: 6, harvest: 0.8 };
  const pool: Crowd = { prefix: 'pool', accounts: 20, rate: 2, harvest: 0 };
  const random = seededRandom(3);
  const before = crowdCalls([resold, pool], 24, random);
  const after = moved(crowdCalls([resold, { ...pool, harvest: 0.9 }], 52, random), DAY);
  const { alerts } = runLine(
    windowsOf([...before, ...after]),
    [...inCluster(resold, 'c_1'), ...inCluster(pool, 'c_1')],
    { rules, partitions: 3, hours: 76 },
  );
  const ofPart = alerts.filter(({ alert }) => alert.subject_id === 'c_1~product');
  assert.ok(ofPart.some(({ alert }) => alert.severity === 'page'));
  assert.equal(ofPart.at(-1)?.alert.status, 'resolved');
  assert.match(ofPart.at(-1)?.alert.summary ?? '', /a_c_1 stands for it/);
  const openAt = new Map<string, string>();
  for (const { alert } of alerts) {
    openAt.set(alert.alert_id, alert.status === 'open' ? alert.severity : 'none');
  }
  assert.deepEqual(
    [...openAt.values()].filter((severity) => severity === 'page'),
    ['page'],
    'one open page in the end',
  );
});

test('when customers come to ask for more, the alert at the old level gives way to that at the new one', () => {
  const resold: Crowd = { prefix: 'resold', accounts: 6, rate: 6, harvest: 0.9 };
  const pool: Crowd = { prefix: 'pool', accounts: 20, rate: 2, harvest: 0 };
  const people: Crowd = { prefix: 'people', accounts: 150, rate: 2, harvest: 0 };
  const random = seededRandom(4);
  const before = crowdCalls([resold, pool, people], 24, random);
  const after = moved(crowdCalls([resold, pool, { ...people, harvest: 0.2 }], 40, random), DAY);
  const { alerts } = runLine(
    windowsOf([...before, ...after]),
    [...inCluster(resold, 'c_1'), ...inCluster(pool, 'c_1')],
    { rules, partitions: 3, hours: 64 },
  );
  const parts = alerts.filter(({ alert }) => alert.subject_id.startsWith('c_1~'));
  const moves = parts.filter(({ type }) => type !== 'stillwatch.alert.updated').map(said);
  assert.deepEqual(moves, [
    '8 opened c_1~product page',
    '26 opened c_1~product-20 page',
    '26 resolved c_1~product page',
    '27 opened c_1~product-40 page',
    '27 resolved c_1~product-20 page',
  ]);
  const ended = parts.findLast(({ alert }) => alert.subject_id === 'c_1~product') ?? assert.fail();
  assert.match(ended.alert.summary, /and a_c_1~product-20 stands for it/);
});

test('an alert says which of its features could be compared with nobody, and only of those that are compared at all', () => {
  const notesOf = (crowds: readonly Crowd[]): string[] => {
    const { alerts } = line(crowds, 4, 4)(inCluster(HARVEST, 'c_1'));
    return alerts.map(({ alert }) => alert.baseline_note);
  };
  const alone = notesOf([HARVEST]);
  assert.ok(alone.length > 0);
  for (const note of alone) assert.match(note, /^no baseline yet.*product_share/);
  const people: Crowd = { prefix: 'people', accounts: 200, rate: 5, harvest: 0.02 };
  const among = notesOf([HARVEST, people]);
  assert.ok(among.length > 0);
  // People who call this little have no rhythm.
  for (const note of among) assert.match(note, /^(|no baseline yet[^(]*\(arrival_dispersion\))$/);
});

test('a feature says where it counts fully and what the accounts of its cohort do, which fits its percentile', () => {
  const people: Crowd = { prefix: 'people', accounts: 200, rate: 5, harvest: 0.02 };
  const featuresOf = (crowds: readonly Crowd[]): AlertFeature[] => {
    const { alerts } = line(crowds, 4, 4)(inCluster(HARVEST, 'c_1'));
    return alerts.flatMap(({ alert }) => alert.signatures.flatMap(({ features }) => features));
  };
  const features = featuresOf([HARVEST, people]);
  const compared = features.filter(({ baseline_percentile }) => baseline_percentile !== null);
  assert.ok(compared.some(({ name }) => name === 'product_share'));
  for (const { name, value, baseline_percentile, baseline_quantiles } of compared) {
    assert.equal(baseline_quantiles.length, BASELINE_PERCENTILES.length, name);
    assert.deepEqual(
      baseline_quantiles,
      [...baseline_quantiles].sort((a, b) => a - b),
    );
    BASELINE_PERCENTILES.forEach((percentile, place) => {
      // A bucket is 9 % wide.
      if ((baseline_percentile ?? 0) < percentile) assert.ok(value < 1.1 * (baseline_quantiles[place] ?? 0), name);
    });
  }
  for (const { baseline_percentile, baseline_quantiles } of [...features, ...featuresOf([HARVEST])])
    if (baseline_percentile === null) assert.deepEqual(baseline_quantiles, []);
  const pairs = new Map(features.map(({ name, threshold, threshold_full }) => [name, [threshold, threshold_full]]));
  assert.deepEqual(pairs.get('product_share'), rules.signatures['training-data-queue']?.thresholds['product_share']);
});

test('the query names the configured database and cannot be broken out of', () => {
  const { alerts } = line([HARVEST], 3, 3)(inCluster(HARVEST, "c_o'brien\\"));
  const { query } = alerts[0]?.alert ?? assert.fail();
  assert.match(query, /FROM stillwatch\.cluster_windows FINAL/);
  assert.ok(query.includes("subject_id = 'c_o\\'brien\\\\'"), query);
});

test('the runbook is that of the verdict, in the folder of the rules or in the one that is set', () => {
  const windows = windowsOf(crowdCalls([HARVEST], 4, seededRandom(1)));
  const runbookOf = (over: { runbooks?: string }): string | undefined =>
    runLine(windows, inCluster(HARVEST, 'c_1'), { rules, partitions: 1, hours: 4, ...over }).alerts[0]?.alert
      .runbook_url;
  assert.equal(runbookOf({}), `${rules.alerts.runbooks}/harvesting.md`);
  const runbooks = 'https://console.example/runbooks';
  assert.equal(runbookOf({ runbooks }), `${runbooks}/harvesting.md`);
});

test('an alert names the cohort that it was judged against, and keeps it to its end', () => {
  const { alerts, windows } = line([HARVEST], 4, 40)(inCluster(HARVEST, 'c_1'));
  const cohorts = new Set(alerts.map(({ alert }) => alert.cohort));
  assert.equal(alerts.at(-1)?.alert.status, 'resolved');
  assert.ok(windows.length > 0);
  for (const cohort of cohorts) assert.match(cohort, /^\w+\/chat\/[^/]+\/calls-4\^\d$/);
  assert.equal(alerts.at(-1)?.alert.cohort, alerts.at(-2)?.alert.cohort);
});
