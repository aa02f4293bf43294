import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBaseline } from '../../services/clusters/baseline/baseline.ts';
import { bucketOf } from '../../services/clusters/baseline/buckets.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { T } from '../support/records.ts';

const COHORT = ['free', 'chat', 'nimbus', 'calls-4^2'];

/** Accounts of the cohort with shares of 0.01, 0.02, ... */
function baselineOf(accounts: number) {
  const baseline = createBaseline(createTrackedTables());
  const buckets = Array.from({ length: accounts }, (_, at) => ({ bucket: bucketOf((at + 1) / 100), accounts: 1 }));
  baseline.add({
    window_size: 'hour',
    window_end: T,
    source: 0,
    mixes: [],
    models: [],
    adopters: 0,
    cohorts: [{ cohort: COHORT.join('/'), feature: 'hosting_share', buckets }],
  });
  return baseline;
}

test('a quantile is the value that so many per cent of the cohort do not exceed, to the width of a bucket', () => {
  const baseline = baselineOf(100);
  for (const percentile of [10, 50, 95, 100]) {
    const value = baseline.quantile('hour', COHORT, 'hosting_share', percentile) ?? 0;
    assert.ok(Math.abs(value / (percentile / 100) - 1) < 0.1, `${percentile}: ${value}`);
  }
});

test('a cohort with too few accounts asks a wider one, and nobody knows when there are none', () => {
  const baseline = baselineOf(100);
  const [plan = ''] = COHORT;
  assert.notEqual(baseline.quantile('hour', [plan, 'embeddings', 'x', 'y'], 'hosting_share', 50), null);
  assert.equal(baselineOf(20).quantile('hour', COHORT, 'hosting_share', 50), null);
  assert.equal(baseline.quantile('hour', COHORT, 'calls', 50), null);
});
