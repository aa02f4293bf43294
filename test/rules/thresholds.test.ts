import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveThresholds } from '../../services/rules/thresholds.ts';

const cohort = (_: string, percentile: number): number => percentile / 100;
const cold = (): null => null;

test('numbers and ranges stay as they are', () => {
  assert.deepEqual(resolveThresholds({ least_calls: 100, top_client_share: [0.5, 0.9] }, cohort), {
    least_calls: 100,
    top_client_share: [0.5, 0.9],
  });
});

test('a percentile is where it lies in the cohort, and never below at_least', () => {
  const resolved = resolveThresholds(
    {
      calls: { percentile: [95, 99] },
      hosting_share: { percentile: [10, 99], at_least: [0.25, 0.6] },
    },
    cohort,
  );
  assert.deepEqual(resolved, { calls: [0.95, 0.99], hosting_share: [0.25, 0.99] });
});

test('without a baseline at_least holds, and what has none is left out: its feature contributes nothing', () => {
  const resolved = resolveThresholds(
    { calls: { percentile: 95 }, hosting_share: { percentile: [95, 99], at_least: [0.25, 0.6] } },
    cold,
  );
  assert.deepEqual(resolved, { hosting_share: [0.25, 0.6] });
});

test('one number or one percentile of a feature is a step, not a division by zero', () => {
  for (const written of [0.3, { percentile: 30 }]) {
    const [from = 0, to = 0] = [resolveThresholds({ calls: written }, cohort)['calls'] ?? []].flat();
    assert.equal(from, 0.3);
    assert.ok(to > from && to - from < 1e-6);
  }
});
