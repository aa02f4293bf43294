import type { Members } from '../subject-window.ts';

type Histogram = Members['calls_histogram'];

/** Gini coefficient of calls over accounts: 0 when all do the same, near 1 when one does all. */
export function gini(histogram: Histogram): number | null {
  let accounts = 0;
  let calls = 0;
  for (const entry of histogram) {
    accounts += entry.accounts;
    calls += entry.calls * entry.accounts;
  }
  if (accounts < 2 || calls === 0) return null;
  // Sum of (2 rank - n - 1) x over the values in ascending order, over n times their sum.
  let rank = 0;
  let sum = 0;
  for (const entry of [...histogram].sort((a, b) => a.calls - b.calls)) {
    const ranks = entry.accounts * (2 * rank + entry.accounts + 1) - (accounts + 1) * entry.accounts;
    sum += ranks * entry.calls;
    rank += entry.accounts;
  }
  return sum / (accounts * calls);
}

/** Calls of accounts with two or more of them. With fewer the estimate below is mostly noise (5 to 95 % of simulated even clusters: -0.3 to 0.8). */
const REPEATED_CALLS = 20;

/**
 * How much more unequal the accounts' rates are than chance makes equal ones look: the squared coefficient of variation of the rates behind the counts.
 * Gini over account-hours cannot say that: with a call or two an hour anyone's customers look even, because counts of 1 are all there is to see.
 *
 * Accounts with Poisson counts x of rates r have E[sum x (x - 1)] = sum r^2 and E[sum x] = sum r, so N sum x (x - 1) / (sum x)^2 - 1 estimates
 * mean(r^2) / mean(r)^2 - 1, which is (variance - mean) / mean^2 of the counts. N has to be all accounts, also those without a call in the window, which
 * the window does not show; taking only those seen biases the estimate to -0.4 at a call an hour and -0.8 at one in five hours. Good-Turing says how many
 * are missing: the calls of accounts seen once are, of all calls, the share that accounts not seen would make, so N = seen / (1 - once / calls). It is
 * the coverage estimator of Chao and Lee (J. Am. Stat. Assoc. 87, 1992), and a lower bound where rates differ.
 *
 * 0: equal rates. Below 0: more even than chance, dealt out by a dispatcher (equal counts of m give about -1 / m). Independent customers (ln-sigma of rates
 * 1.6 to 2.7, ServeGen) have above 10; the lower bound over 200 accounts is about 2 at a call an account and 5 at 25, over 20 accounts about half of that.
 */
export function evennessExcess(histogram: Histogram): number | null {
  let seen = 0;
  let calls = 0;
  let pairs = 0;
  let once = 0;
  for (const entry of histogram) {
    seen += entry.accounts;
    calls += entry.calls * entry.accounts;
    pairs += entry.calls * (entry.calls - 1) * entry.accounts;
    if (entry.calls === 1) once += entry.accounts;
  }
  if (seen < 2 || calls - once < REPEATED_CALLS) return null;
  const accounts = seen / (1 - once / calls);
  return (accounts * pairs) / (calls * (calls - 1)) - 1;
}
