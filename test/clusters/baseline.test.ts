import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBaseline } from '../../services/clusters/baseline/baseline.ts';
import { bucketOf, middleOf } from '../../services/clusters/baseline/buckets.ts';
import type { BaselinePartial } from '../../services/records/subject-window.ts';
import { DAY, HOUR } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { T } from '../support/records.ts';

const COHORT = ['free', 'chat', 'nimbus', 'calls-4^1'];
const SHARE = 'chain_of_thought_share';
const RATIO = 'calls_per_filling';

function partial(
  values: readonly number[],
  { end = T + HOUR, source = 0, cohort = COHORT, feature = SHARE } = {},
): BaselinePartial {
  const buckets = new Map<number, number>();
  for (const value of values) buckets.set(bucketOf(value), (buckets.get(bucketOf(value)) ?? 0) + 1);
  return {
    window_size: 'hour',
    window_end: end,
    source,
    cohorts: [
      { cohort: cohort.join('/'), feature, buckets: [...buckets].map(([bucket, accounts]) => ({ bucket, accounts })) },
    ],
    mixes: [],
    models: [],
    adopters: 0,
  };
}

function usualOf(values: readonly number[], feature: string): number {
  const baseline = createBaseline(createTrackedTables());
  baseline.add(partial(values, { feature }));
  const { usual } = baseline.place('hour', COHORT, feature, 0.2);
  assert.ok(usual !== null);
  return usual;
}

test('a value comes back from its bucket within 5 %', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      (value) => Math.abs(middleOf(bucketOf(value)) - value) <= 0.05 * value + 0.001,
    ),
  );
});

for (const [feature, most] of [
  [SHARE, 1],
  [RATIO, 10_000],
] as const) {
  // Few distinct values, zeros and gaps included: there the quantiles of honest accounts jump, and the attackers may put themselves anywhere.
  const honest = fc.array(fc.oneof(fc.constant(0), fc.constant(most), fc.double({ min: 0, max: most, noNaN: true })), {
    minLength: 95,
    maxLength: 95,
  });
  const placements = fc.array(fc.double({ min: 0, max: 10 * most, noNaN: true }), { minLength: 5, maxLength: 5 });

  test(`five attackers in a hundred accounts, wherever they are, move what is usual of a ${most === 1 ? 'share' : 'ratio'} by less than 10 %`, () => {
    fc.assert(
      fc.property(honest, placements, (accounts, attackers) => {
        const before = usualOf(accounts, feature);
        const after = usualOf([...accounts, ...attackers], feature);
        assert.ok(Math.abs(after / before - 1) < 0.1, `${before} to ${after}`);
      }),
      { numRuns: 300 },
    );
  });

  test(`all of them at the worst place, against any mixture of none and all (${feature})`, () => {
    for (let zeros = 0; zeros <= 95; zeros++) {
      const accounts = [...Array<number>(zeros).fill(0), ...Array<number>(95 - zeros).fill(most)];
      const before = usualOf(accounts, feature);
      for (const worst of [0, 100 * most]) {
        const after = usualOf([...accounts, ...Array<number>(5).fill(worst)], feature);
        assert.ok(Math.abs(after / before - 1) < 0.1, `${zeros} zeros: ${before} to ${after}`);
      }
    }
  });
}

test('what is usual follows honest accounts', () => {
  assert.ok(usualOf(Array<number>(100).fill(0.2), SHARE) > 0.19);
  assert.ok(usualOf(Array<number>(100).fill(0), SHARE) < 0.06);
});

test('a cohort with few accounts is compared with a wider one, and that is said', () => {
  const baseline = createBaseline(createTrackedTables());
  baseline.add(partial(Array<number>(80).fill(0.1), { cohort: ['free', 'chat', 'nimbus', 'calls-4^3'] }));
  const placed = baseline.place('hour', COHORT, SHARE, 0.5);
  assert.equal(placed.percentile, 100);
  assert.match(placed.note, /too few accounts: compared with free\/chat\/nimbus/);
});

test('before anything is known, nothing is claimed', () => {
  const placed = createBaseline(createTrackedTables()).place('hour', COHORT, SHARE, 0.5);
  assert.deepEqual([placed.percentile, placed.usual], [null, null]);
  assert.match(placed.note, /no baseline yet/);
});

test('what is more than a day old no longer counts; what is a day old does, until its accounts have voted again in that hour', () => {
  const baseline = createBaseline(createTrackedTables());
  baseline.add(partial(Array<number>(100).fill(0.1)));
  baseline.expire(T + HOUR + DAY);
  assert.equal(baseline.place('hour', COHORT, SHARE, 1).percentile, 100);
  baseline.expire(T + HOUR + DAY + 1);
  assert.equal(baseline.place('hour', COHORT, SHARE, 1).percentile, null);
});

test('the order in which partitions report makes no difference', () => {
  const parts = [0, 1, 2].map((source) =>
    partial(
      Array.from({ length: 40 }, (_, i) => (i + source) / 50),
      { source },
    ),
  );
  const place = (order: readonly BaselinePartial[]) => {
    const baseline = createBaseline(createTrackedTables());
    for (const one of order) baseline.add(one);
    return baseline.place('hour', COHORT, SHARE, 0.3);
  };
  assert.deepEqual(place([...parts].reverse()), place(parts));
});

test('the mean is of all accounts, most of which have nothing of it, less what chance may have added', () => {
  const meanOf = (values: readonly number[]): number | null => {
    const baseline = createBaseline(createTrackedTables());
    baseline.add(partial(values));
    return baseline.mean('hour', [], SHARE);
  };
  const drawn = (accounts: number): number[] => Array.from({ length: accounts }, (_, i) => (i % 10 === 0 ? 1 : 0));
  assert.equal(meanOf(drawn(49)), null);
  const few = meanOf(drawn(60)) ?? Number.NaN;
  const many = meanOf(drawn(6_000)) ?? Number.NaN;
  assert.ok(few > 0 && few < 0.03, `${few}`);
  assert.ok(many > 0.09 && many < 0.1, `${many}`);
});
