import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBaseline } from '../../services/clusters/baseline/baseline.ts';
import { bucketOf, middleOf } from '../../services/clusters/baseline/buckets.ts';
import type { BaselinePartial } from '../../services/records/subject-window.ts';
import { DAY, HOUR } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { seededRandom } from '../support/random.ts';
import { T } from '../support/records.ts';

const COHORT = ['free', 'chat', 'nimbus', 'calls-4^1'];

function partial(values: readonly number[], end = T + HOUR, source = 0, cohort = COHORT): BaselinePartial {
  const buckets = new Map<number, number>();
  for (const value of values) buckets.set(bucketOf(value), (buckets.get(bucketOf(value)) ?? 0) + 1);
  return {
    window_size: 'hour',
    window_end: end,
    source,
    cohorts: [
      {
        cohort: cohort.join('/'),
        feature: 'f',
        buckets: [...buckets].map(([bucket, accounts]) => ({ bucket, accounts })),
      },
    ],
  };
}

test('a value comes back from its bucket within 5 %', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      (value) => Math.abs(middleOf(bucketOf(value)) - value) <= 0.05 * value + 0.001,
    ),
  );
});

test('five attackers in a hundred accounts move the upper quartile by no more than two buckets, 19 %', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    // Log-normal, as shares and rates of customers are.
    const honest = Array.from(
      { length: 400 },
      () => 0.1 * Math.exp(0.8 * (random.next() + random.next() + random.next() + random.next() - 2)),
    );
    const clean = createBaseline(createTrackedTables());
    clean.add(partial(honest));
    const poisoned = createBaseline(createTrackedTables());
    poisoned.add(partial([...honest, ...Array<number>(20).fill(1)]));
    const before = clean.place('hour', COHORT, 'f', 0.2).upperQuartile ?? 0;
    const after = poisoned.place('hour', COHORT, 'f', 0.2).upperQuartile ?? 0;
    assert.ok(bucketOf(after) - bucketOf(before) <= 2, `seed ${seed}: ${before} to ${after}`);
  }
});

test('a cohort with few accounts is compared with a wider one, and that is said', () => {
  const baseline = createBaseline(createTrackedTables());
  baseline.add(partial(Array<number>(80).fill(0.1), T + HOUR, 0, ['free', 'chat', 'nimbus', 'calls-4^3']));
  const placed = baseline.place('hour', COHORT, 'f', 0.5);
  assert.equal(placed.percentile, 100);
  assert.match(placed.note, /too few accounts: compared with free\/chat\/nimbus/);
});

test('before anything is known, nothing is claimed', () => {
  const placed = createBaseline(createTrackedTables()).place('hour', COHORT, 'f', 0.5);
  assert.equal(placed.percentile, null);
  assert.match(placed.note, /no baseline yet/);
});

test('what is a day old no longer counts', () => {
  const baseline = createBaseline(createTrackedTables());
  baseline.add(partial(Array<number>(100).fill(0.1)));
  baseline.expire(T + HOUR + DAY - 1);
  assert.equal(baseline.place('hour', COHORT, 'f', 1).percentile, 100);
  baseline.expire(T + HOUR + DAY);
  assert.equal(baseline.place('hour', COHORT, 'f', 1).percentile, null);
});

test('the order in which partitions report makes no difference', () => {
  const parts = [0, 1, 2].map((source) =>
    partial(
      Array.from({ length: 40 }, (_, i) => (i + source) / 50),
      T + HOUR,
      source,
    ),
  );
  const place = (order: readonly BaselinePartial[]) => {
    const baseline = createBaseline(createTrackedTables());
    for (const one of order) baseline.add(one);
    return baseline.place('hour', COHORT, 'f', 0.3);
  };
  assert.deepEqual(place([...parts].reverse()), place(parts));
});
