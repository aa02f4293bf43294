import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addMember, createMembers, mergeMembers } from '../../services/clusters/members.ts';
import type { AccountWindow } from '../../services/records/account-window.ts';
import { createAccumulator, mergeAccumulators } from '../../services/records/accumulator.ts';
import { featureNamed } from '../../services/records/features.ts';
import { DAY, HOUR } from '../../services/records/window.ts';
import { seededRandom } from '../support/random.ts';
import { accountWindow, T } from '../support/records.ts';
import { poisson } from './distributions.ts';

const BINS = 60;

/** An account's hour with that many calls in each minute. */
function windowOf(account: number, perBin: readonly number[]): AccountWindow {
  const window = accountWindow(`acct_${account}`, []);
  window.accumulator.calls = perBin.reduce((sum, count) => sum + count, 0);
  window.accumulator.arrivals = perBin.flatMap((count, bin) => (count === 0 ? [] : [{ bin, count }]));
  return window;
}

function clusterOf(windows: readonly AccountWindow[]) {
  const accumulator = createAccumulator();
  const members = createMembers();
  for (const window of windows) {
    mergeAccumulators(accumulator, window.accumulator);
    addMember(members, window);
  }
  return { accumulator, members };
}

function value(name: string, windows: readonly AccountWindow[], size: 'minute' | 'hour' = 'hour'): number {
  return featureNamed(name).compute({ ...clusterOf(windows), size }) ?? Number.NaN;
}

/** `accounts` accounts whose calls in each minute are Poisson about this rate. */
function accountsWith(accounts: number, rate: (account: number, bin: number) => number): AccountWindow[] {
  const random = seededRandom(5);
  return Array.from({ length: accounts }, (_, account) =>
    windowOf(
      account,
      Array.from({ length: BINS }, (_, bin) => poisson(rate(account, bin), random)),
    ),
  );
}

test('the envelope correlation is the mean covariance of all pairs of accounts over their mean variance', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: BINS, maxLength: BINS });
  fc.assert(
    fc.property(fc.array(counts, { minLength: 8, maxLength: 12 }), (accounts) => {
      const n = accounts.length;
      const totals = accounts.map((bins) => bins.reduce((sum, count) => sum + count, 0));
      fc.pre(totals.every((total) => total > 0) && totals.reduce((sum, total) => sum + total, 0) >= 60);
      const covariance = (i: number, j: number): number => {
        let sum = 0;
        for (let bin = 0; bin < BINS; bin++)
          sum +=
            ((accounts[i]?.[bin] ?? 0) - (totals[i] ?? 0) / BINS) *
            ((accounts[j]?.[bin] ?? 0) - (totals[j] ?? 0) / BINS);
        return sum / BINS;
      };
      let between = 0;
      let own = 0;
      for (let i = 0; i < n; i++) {
        own += covariance(i, i);
        for (let j = 0; j < n; j++) if (i !== j) between += covariance(i, j);
      }
      fc.pre(own > 1e-9);
      const found = value(
        'envelope_correlation',
        accounts.map((bins, account) => windowOf(account, bins)),
      );
      assert(Math.abs(found - between / (n * (n - 1)) / (own / n)) < 1e-9);
      assert(found <= 1 + 1e-12 && found >= -1 / (n - 1) - 1e-12);
    }),
    { numRuns: 50 },
  );
});

test('independent accounts are not correlated, and their sum varies as they do', () => {
  const windows = accountsWith(40, (account) => 0.1 + account / 10);
  assert(Math.abs(value('envelope_correlation', windows)) < 0.02);
  assert(Math.abs(value('envelope_dispersion', windows) - 1) < 0.5);
});

test('accounts that burst in the same minutes are correlated', () => {
  const windows = accountsWith(40, (_, bin) => (bin % 10 === 0 ? 8 : 0.2));
  assert(value('envelope_correlation', windows) > 0.6);
  assert(value('envelope_dispersion', windows) > 20);
});

test('an even stream dealt out at random to accounts has accounts that vary and a sum that does not', () => {
  const random = seededRandom(9);
  const perBin = Array.from({ length: 40 }, () => new Array<number>(BINS).fill(0));
  for (let bin = 0; bin < BINS; bin++) {
    for (let call = 0; call < 30; call++) {
      const chosen = perBin[random.below(40)];
      if (chosen !== undefined) chosen[bin] = (chosen[bin] ?? 0) + 1;
    }
  }
  const windows = perBin.map((bins, account) => windowOf(account, bins));
  assert(value('envelope_correlation', windows) < 0);
  assert(value('envelope_dispersion', windows) < 0.01);
});

test('few accounts, seconds of a minute, an account alone and hours on top of each other say nothing', () => {
  const windows = accountsWith(40, () => 1);
  assert(Number.isNaN(value('envelope_correlation', windows.slice(0, 7))));
  assert(Number.isNaN(value('envelope_correlation', windows, 'minute')));
  const cluster = clusterOf(windows);
  const { compute } = featureNamed('envelope_correlation');
  assert.equal(compute({ ...cluster, size: 'hour', members: null }), null);
  cluster.accumulator.arrivals = [];
  assert.equal(compute({ ...cluster, size: 'hour' }), null);
});

test('members merged in any grouping are the members of all', () => {
  const account = fc.record({
    bins: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: BINS, maxLength: BINS }),
    created: fc.integer({ min: -3 * DAY, max: 0 }),
    group: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(account, { maxLength: 30 }), (accounts) => {
      const windows = accounts.map(({ bins, created }, number) => {
        const window = windowOf(number, bins);
        return { ...window, profile: { ...window.profile, created_at: T + created } };
      });
      const merged = createMembers();
      for (const group of [2, 0, 1])
        mergeMembers(merged, clusterOf(windows.filter((_, number) => accounts[number]?.group === group)).members);
      const { members } = clusterOf(windows);
      assert.deepEqual(merged, members);
      assert.equal(members.newcomers, accounts.filter(({ created }) => created > -DAY).length);
    }),
    { numRuns: 30 },
  );
});

test('a newcomer is an account made less than a day before its window begins, or in it', () => {
  const made = (created_at: number | null) => {
    const window = windowOf(1, []);
    return clusterOf([{ ...window, window_end: T + HOUR, profile: { ...window.profile, created_at } }]).members
      .newcomers;
  };
  assert.equal(made(T - DAY), 0);
  assert.equal(made(T - DAY + 1), 1);
  assert.equal(made(T + HOUR / 2), 1);
  assert.equal(made(null), 0);
});
