import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../support/random.ts';
import { fitLogistic, type Observation, predict } from './logistic.ts';

/** Observations of a known model. */
function drawn(intercept: number, weights: readonly number[], count: number): Observation[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, () => {
    const x = weights.map(() => random.next());
    return { x, positive: random.next() < predict({ intercept, weights: [...weights] }, x), weight: 1 };
  });
}

test('finds the weights that made the observations', () => {
  const model = fitLogistic(drawn(-3, [4, 2], 20_000), { prior: [0, 0], ridge: 1e-6, iterations: 2_000 });
  for (const [got, want] of [
    [model.intercept, -3],
    [model.weights[0], 4],
    [model.weights[1], 2],
  ])
    assert.ok(Math.abs((got ?? 0) - (want ?? 0)) < 0.25, `${got} for ${want}`);
});

test('a weight that would have to be negative is zero', () => {
  const model = fitLogistic(drawn(0, [3, -3], 5_000), { prior: [0, 0], ridge: 1e-6, iterations: 2_000 });
  assert.equal(model.weights[1], 0);
  assert.ok((model.weights[0] ?? 0) > 1);
});

test('without observations that tell them apart, weights stay what they were before', () => {
  const same: Observation[] = [true, false].map((positive) => ({ x: [1, 1], positive, weight: 1 }));
  const { weights } = fitLogistic(same, { prior: [2, 1], ridge: 0.01, iterations: 2_000 });
  assert.deepEqual(
    weights.map((weight) => Math.round(weight * 100) / 100),
    [2, 1],
  );
});

test('a ridge makes weights smaller', () => {
  const observations = drawn(-3, [4, 2], 2_000);
  const loose = fitLogistic(observations, { prior: [0, 0], ridge: 1e-6, iterations: 1_000 });
  const tight = fitLogistic(observations, { prior: [0, 0], ridge: 0.1, iterations: 1_000 });
  assert.ok((tight.weights[0] ?? 0) < (loose.weights[0] ?? 0));
});
