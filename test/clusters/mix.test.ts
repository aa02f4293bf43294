import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBaseline } from '../../services/clusters/baseline/baseline.ts';
import { cohortOf } from '../../services/clusters/baseline/cohort.ts';
import { electorate } from '../../services/clusters/baseline/electorate.ts';
import { labelsOf, mixVotes, testMix } from '../../services/clusters/baseline/mix.ts';
import { createAccumulator, mergeAccumulators } from '../../services/records/accumulator.ts';
import type { CohortMix } from '../../services/records/subject-window.ts';
import { HOUR } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { type SeededRandom, seededRandom } from '../support/random.ts';
import { accountWindow, T } from '../support/records.ts';

/** A customer who mostly does one thing, as customers do. */
function customer(id: string, random: SeededRandom) {
  const usual = { input_tokens: 2 ** (5 + random.below(7)), output_tokens: 2 ** (2 + random.below(8)) };
  return accountWindow(
    id,
    Array.from({ length: 3 + random.below(6) }, (_, i) => ({
      event_id: `${id} ${i}`,
      has_tools: random.next() < 0.2,
      ...(random.next() < 0.8 ? usual : {}),
    })),
  );
}

function harvester(id: string) {
  return accountWindow(
    id,
    Array.from({ length: 4 }, () => ({ input_tokens: 700, output_tokens: 900, has_tools: true })),
  );
}

function population(accounts: number, seed: number): CohortMix {
  const random = seededRandom(seed);
  const windows = Array.from({ length: accounts }, (_, i) => customer(`acct_${i}`, random));
  const baseline = createBaseline(createTrackedTables());
  baseline.add({
    window_size: 'hour',
    window_end: T + HOUR,
    source: 0,
    cohorts: [],
    mixes: mixVotes(electorate(windows).voters),
    models: [],
    adopters: 0,
  });
  const [first] = windows;
  assert.ok(first);
  const mix = baseline.mix(cohortOf(first.profile.plan, first.accumulator, 4));
  assert.ok(mix !== null);
  return mix;
}

function clusterOf(windows: readonly ReturnType<typeof customer>[]) {
  const sum = createAccumulator();
  for (const { accumulator } of windows) mergeAccumulators(sum, accumulator);
  return labelsOf(sum);
}

test('customers taken together are no different from customers: significant at 0.95 no more often than in one of fifty draws', () => {
  const cohort = population(600, 1);
  let significant = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(1_000 + seed);
    const drawn = Array.from({ length: 20 }, (_, i) => customer(`drawn_${i}`, random));
    if (testMix(clusterOf(drawn), 20, cohort).significance >= 0.95) significant++;
  }
  assert.ok(significant <= 2, `${significant} of 100`);
});

test('harvesters are far away and surely so; one of them is as far away and not surely so', () => {
  const cohort = population(600, 2);
  const many = testMix(clusterOf(Array.from({ length: 40 }, (_, i) => harvester(`h_${i}`))), 40, cohort);
  assert.ok(many.divergence > 0.3, `${many.divergence}`);
  assert.ok(many.significance > 0.95, `${many.significance}`);
  const one = testMix(clusterOf([harvester('h')]), 1, cohort);
  assert.ok(Math.abs(one.divergence - many.divergence) < 0.01);
  assert.ok(one.significance < 0.7, `${one.significance}`);
});

test('an account with a thousand calls has one vote, as one with four', () => {
  const random = seededRandom(3);
  const customers = Array.from({ length: 99 }, (_, i) => customer(`acct_${i}`, random));
  const loud = accountWindow(
    'loud',
    Array.from({ length: 1_000 }, () => ({ input_tokens: 7, output_tokens: 7 })),
  );
  const quiet = accountWindow(
    'loud',
    Array.from({ length: 4 }, () => ({ input_tokens: 7, output_tokens: 7 })),
  );
  const weights = (last: typeof loud) =>
    new Map(
      mixVotes(electorate([...customers, last]).voters)
        .flatMap(({ weights: labels }) => labels)
        .map(({ bin, count }) => [bin, count]),
    );
  assert.equal(weights(loud).get(3), weights(quiet).get(3));
});
