import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evennessExcess } from '../../services/records/features/evenness.ts';
import { type SeededRandom, seededRandom } from '../support/random.ts';
import { logNormal, poisson } from './distributions.ts';

/** Median over seeds of the excess of clusters whose accounts have these rates; accounts without a call are not seen. */
function median(accounts: number, rate: (random: SeededRandom) => number): number {
  const values: number[] = [];
  for (let seed = 1; seed <= 41; seed++) {
    const random = seededRandom(seed);
    const counts = Array.from({ length: accounts }, () => poisson(rate(random), random));
    const excess = evennessExcess(histogram(counts.filter((count) => count > 0)));
    if (excess !== null) values.push(excess);
  }
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}

function histogram(counts: readonly number[]) {
  return [...Map.groupBy(counts, (calls) => calls)].map(([calls, { length }]) => ({ calls, accounts: length }));
}

test('equal rates are 0, also where most accounts are seen once or not at all', () => {
  for (const rate of [0.5, 1, 3, 25]) {
    const excess = median(200, () => rate);
    assert(Math.abs(excess) < 0.15, `${excess} at ${rate} calls an account`);
  }
});

test('accounts of independent customers are far above 1, also at a call an account', () => {
  for (const mean of [1, 3, 25]) {
    const excess = median(200, (random) => logNormal(mean, 1.6, random));
    assert(excess > 1, `${excess} at ${mean} calls an account`);
  }
});

test('equal counts are below 0: chance would not deal them out like that', () => {
  assert.equal(evennessExcess([{ calls: 2, accounts: 50 }]), ((100 / 99) * 50) / 100 - 1);
  assert((evennessExcess([{ calls: 30, accounts: 50 }]) ?? 0) < 0);
});

test('accounts seen once say nothing of how equal they are', () => {
  assert.equal(evennessExcess([{ calls: 1, accounts: 500 }]), null);
  assert.equal(evennessExcess([{ calls: 40, accounts: 1 }]), null);
  assert.equal(evennessExcess([]), null);
});
