import type { Bin } from '../bins.ts';
import type { Members } from '../subject-window.ts';
import type { WindowSize } from '../window.ts';
import type { FeatureView } from './feature.ts';

export function binsOf(size: WindowSize): number {
  return size === 'day' ? 96 : 60;
}

/** Fewer calls than bins say nothing of their regularity. */
const LEAST_CALLS = 60;

/** Variance over mean of calls per bin. */
export function dispersion(arrivals: readonly Bin[], size: WindowSize): number | null {
  const bins = binsOf(size);
  let calls = 0;
  let squares = 0;
  for (const { count } of arrivals) {
    calls += count;
    squares += count * count;
  }
  if (calls < LEAST_CALLS) return null;
  const mean = calls / bins;
  return (squares / bins - mean * mean) / mean;
}

/** What one account adds to `Members.arrival_squares`. */
export function arrivalSquares(arrivals: readonly Bin[]): number {
  let squares = 0;
  for (const { count } of arrivals) squares += count * count;
  return squares;
}

/** Pairs of fewer accounts are too few to average over: the standard error over B bins and n accounts is about sqrt(2 / (B n (n - 1))), 0.02 from here on. */
const LEAST_ACCOUNTS = 8;

/** Variances over the bins of one window, times the number of bins. */
interface Envelopes {
  accounts: number;
  /** Of the accounts' calls together. */
  merged: number;
  /** Sum over accounts of the variance of each. */
  own: number;
}

/**
 * With c_ib the calls of account i in bin b of B: the bin-summed squares Q = sum_i sum_b c_ib^2 (members.arrival_squares) and P = sum_i c_i^2 (from the
 * calls histogram) give the accounts' own variances, Q - P / B; S = sum_b (sum_i c_ib)^2 and T = sum_i c_i (from the merged arrivals) that of the sum,
 * S - T^2 / B. All are whole numbers that add up over partitions, so no account's bins need to be kept.
 *
 * null for a minute (its bins are seconds: network jitter), for an account's own window, for few accounts or calls, and where the arrivals are not those of
 * the members' windows: in windows of several hours merged, bins of different hours would lie on top of each other.
 */
function envelopes({ accumulator: { arrivals }, members, size }: FeatureView): Envelopes | null {
  if (members === null || size === 'minute') return null;
  const bins = binsOf(size);
  const { accounts, calls, squares } = totalsOf(members);
  let arrived = 0;
  let mergedSquares = 0;
  for (const { count } of arrivals) {
    arrived += count;
    mergedSquares += count * count;
  }
  if (accounts < LEAST_ACCOUNTS || calls < LEAST_CALLS || arrived !== calls) return null;
  const own = members.arrival_squares - squares / bins;
  return own > 0 ? { accounts, merged: mergedSquares - (calls * calls) / bins, own } : null;
}

/**
 * Mean covariance of the bins of two accounts, over all pairs, over their mean variance. Since the variance of a sum is the sum of all variances and
 * covariances, the covariances of all ordered pairs are merged - own: divided by n (n - 1) pairs, over own / n. Between -1 / (n - 1), a perfectly even sum,
 * and 1, accounts that all rise and fall together; about 0 for independent ones. Poisson noise is in the denominator: accounts with a call or two an hour
 * that follow one envelope exactly still stay near 0 by the hour, and show by the day.
 */
export function envelopeCorrelation(view: FeatureView): number | null {
  const found = envelopes(view);
  return found === null ? null : (found.merged - found.own) / ((found.accounts - 1) * found.own);
}

/**
 * The same comparison for what accounts do together: variance of their sum over the sum of their variances. 1 for independent accounts, however many and
 * however bursty; 0 for a dispatcher that deals out an even stream, at any number of accounts (round-robin of a stream over N accounts leaves each one
 * regular and the sum as even as the stream: research/detection.md, arithmetic); n for n accounts in step.
 */
export function envelopeDispersion(view: FeatureView): number | null {
  const found = envelopes(view);
  return found === null ? null : Math.max(0, found.merged / found.own);
}

function totalsOf({ calls_histogram }: Members): { accounts: number; calls: number; squares: number } {
  let accounts = 0;
  let calls = 0;
  let squares = 0;
  for (const entry of calls_histogram) {
    accounts += entry.accounts;
    calls += entry.accounts * entry.calls;
    squares += entry.accounts * entry.calls * entry.calls;
  }
  return { accounts, calls, squares };
}
