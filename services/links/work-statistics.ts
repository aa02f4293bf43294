import { BINS_AN_HOUR } from './lockstep.ts';

/** An account's calls on a bundle of work. */
export interface WorkHistory {
  id: string;
  /** Five-minute bins, ascending, one entry a call. */
  bins: readonly number[];
  /** Bins for which it was there to be given work. */
  exposure: number;
}

/** Calls that an account got beyond what chance gives, as the squared coefficient of variation of the accounts' rates: 0 for a dispatcher, above 1 for people. */
export function unevenness(histories: readonly WorkHistory[]): { rate: number; excess: number } {
  let calls = 0;
  let exposure = 0;
  for (const history of histories) {
    calls += history.bins.length;
    exposure += history.exposure;
  }
  const rate = exposure === 0 ? 0 : calls / exposure;
  let scatter = 0;
  let scale = 0;
  for (const history of histories) {
    const expected = rate * history.exposure;
    scatter += (history.bins.length - expected) ** 2 - expected;
    scale += expected ** 2;
  }
  return { rate, excess: scale === 0 ? 0 : Math.max(0, scatter / scale) };
}

export interface Recurrence {
  /** How much likelier two calls within an hour fall into one five-minute bin when they are of one account than when they are of two. */
  bursts: number;
  /** The same for two calls within twelve hours and one hour. */
  sittings: number;
  /** Pairs in one hour that would make `sittings` 1: with few of them it is chance. */
  sittingsExpected: number;
  /** The same for two calls within a day and a distance of six to eighteen hours: below 1, accounts keep hours of their own. */
  roundTheClock: number;
  /** The same for two calls half a day to a day and a half apart and about a day: above 1, accounts come at the same hours every day. */
  daily: number;
}

/**
 * Whether accounts come back at times of their own. All four compare pairs of calls of one account with pairs of two accounts at the same distance in time,
 * so the group's own day, its pauses, and accounts that come and go cancel out (a cross-K function, Ripley 1976). 1: an account's calls are a random part
 * of the group's. People come in sittings (3 to 20) and sleep (0.1 to 0.6); an account that is dealt calls in turn is below 1 and awake.
 */
export function recurrence(histories: readonly WorkHistory[]): Recurrence {
  const byBin = pairsByLag(histories, 1, BINS_AN_HOUR);
  const byHour = pairsByLag(histories, BINS_AN_HOUR, 36);
  return {
    // With few pairs there is nothing to say, which is 1.
    bursts: sum(byBin.own, 0, BINS_AN_HOUR) < FEWEST_PAIRS ? 1 : likelier(byBin, [0, 1], [0, BINS_AN_HOUR]),
    sittings: likelier(byHour, [0, 1], [0, 12]),
    sittingsExpected: expectedPairs(byHour, [0, 1], [0, 12]),
    roundTheClock: likelier(byHour, [6, 18], [0, 24]),
    daily: likelier(byHour, [18, 30], [12, 36]),
  };
}

const FEWEST_PAIRS = 60;

interface Pairs {
  /** Pairs of calls of one account, by their distance. */
  own: number[];
  /** Pairs of calls of two. */
  others: number[];
}

function pairsByLag(histories: readonly WorkHistory[], unit: number, lags: number): Pairs {
  const own = new Array<number>(lags).fill(0);
  const totals = new Map<number, number>();
  for (const { bins } of histories) {
    const times = bins.map((bin) => Math.floor(bin / unit));
    for (const [i, time] of times.entries()) {
      totals.set(time, (totals.get(time) ?? 0) + 1);
      for (let j = i + 1; j < times.length; j++) {
        const lag = (times[j] ?? time) - time;
        if (lag >= lags) break;
        own[lag] = (own[lag] ?? 0) + 1;
      }
    }
  }
  const all = new Array<number>(lags).fill(0);
  for (const [time, count] of totals) {
    all[0] = (all[0] ?? 0) + (count * (count - 1)) / 2;
    for (let lag = 1; lag < lags; lag++) all[lag] = (all[lag] ?? 0) + count * (totals.get(time + lag) ?? 0);
  }
  return { own, others: all.map((count, lag) => count - (own[lag] ?? 0)) };
}

type Lags = readonly [from: number, to: number];

/** Of one account's pairs at more distances, those at some if they lay as two accounts' do. */
function expectedPairs({ own, others }: Pairs, some: Lags, more: Lags): number {
  const all = sum(others, ...more);
  return all === 0 ? 0 : (sum(others, ...some) * sum(own, ...more)) / all;
}

/** Pairs of one account at some distances over those to be expected; 0 when none are. */
function likelier(pairs: Pairs, some: Lags, more: Lags): number {
  const expected = expectedPairs(pairs, some, more);
  return expected === 0 ? 0 : sum(pairs.own, ...some) / expected;
}

function sum(values: readonly number[], from: number, to: number): number {
  return values.slice(from, to).reduce((total, value) => total + value, 0);
}

export interface Superposition {
  /** Variance of the group's calls over the sum of its accounts' variances: 1 when they are independent of each other, whatever each of them does. */
  ratio: number;
  /** Standard deviations from 1. */
  deviations: number;
}

const INDEPENDENT: Superposition = { ratio: 1, deviations: 0 };
const FEWEST_BLOCKS = 6;

/**
 * Whether the accounts know of each other. Sums of independent processes have the sum of their variances; accounts that take turns (sticky sessions) have a
 * smoother sum, accounts that are dealt out of one queue in turn a rougher one, since all feel its fluctuations and have none of their own.
 *
 * Variances are those of differences between blocks `lag` blocks apart, which takes slow trends out. Neighbouring differences are alike, most of all where
 * accounts have long sessions: the degrees of freedom are those that the accounts' own autocovariance leaves (Bartlett), so that a few long sessions that
 * happen to alternate are no evidence. Times in bins.
 */
export function superposition(
  histories: readonly WorkHistory[],
  { from, to, block, lag }: { from: number; to: number; block: number; lag: number },
): Superposition {
  const blocks = Math.floor((to - from) / block);
  const differences = blocks - lag;
  if (differences < FEWEST_BLOCKS) return INDEPENDENT;
  const total = new Array<number>(differences).fill(0);
  const covariance = new Array<number>(differences).fill(0);
  for (const { bins } of histories) {
    const mine = new Array<number>(differences).fill(0);
    for (const bin of bins) {
      const at = Math.floor((bin - from) / block);
      if (at >= 0 && at < differences) mine[at] = (mine[at] ?? 0) + 1;
      if (at >= lag && at < blocks) mine[at - lag] = (mine[at - lag] ?? 0) - 1;
    }
    for (const [at, difference] of mine.entries()) {
      if (difference === 0) continue;
      total[at] = (total[at] ?? 0) + difference;
      for (let other = at; other < differences; other++)
        covariance[other - at] = (covariance[other - at] ?? 0) + difference * (mine[other] ?? 0);
    }
  }
  const parts = covariance[0] ?? 0;
  if (parts === 0) return INDEPENDENT;
  const ratio = total.reduce((sum, difference) => sum + difference ** 2, 0) / parts;
  const alike = covariance.reduce((sum, value, apart) => sum + (apart === 0 ? 1 : 2) * (value / parts) ** 2, 0);
  // Wilson-Hilferty for a chi-squared over its degrees of freedom.
  const spread = 2 / (9 * (differences / alike));
  return { ratio, deviations: (Math.cbrt(ratio) - (1 - spread)) / Math.sqrt(spread) };
}

/** Median over the accounts of how far the middle half of their pauses is spread, over the median pause: 0 for clocks, 1.6 at random. */
export function irregularity(histories: readonly WorkHistory[]): number {
  const spreads: number[] = [];
  for (const { bins } of histories) {
    if (bins.length < FEWEST_OF_A_TIMETABLE) continue;
    const pauses = bins.slice(1).map((bin, i) => bin - (bins[i] ?? bin));
    pauses.sort((a, b) => a - b);
    spreads.push((quantile(pauses, 0.75) - quantile(pauses, 0.25)) / Math.max(1, quantile(pauses, 0.5)));
  }
  return quantile(
    spreads.sort((a, b) => a - b),
    0.5,
  );
}

/** The upper of two in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

const PLACES_OF_A_TIMETABLE = 3;
const SHARE_OF_A_TIMETABLE = 0.8;
const FEWEST_OF_A_TIMETABLE = 8;

/** Nearly all calls at a few of the hour's twelve places: a schedule, not a queue. */
export function hasTimetable(bins: readonly number[]): boolean {
  if (bins.length < FEWEST_OF_A_TIMETABLE) return false;
  const places = new Array<number>(BINS_AN_HOUR).fill(0);
  for (const bin of bins) places[bin % BINS_AN_HOUR] = (places[bin % BINS_AN_HOUR] ?? 0) + 1;
  const most = places.sort((a, b) => b - a).slice(0, PLACES_OF_A_TIMETABLE);
  return sum(most, 0, most.length) >= SHARE_OF_A_TIMETABLE * bins.length;
}

const BINS_A_QUARTER = BINS_AN_HOUR * 6;

/** Least rate of a quarter of the day, over the mean of the four. */
export function leastQuarter(histories: readonly WorkHistory[], from: number, to: number): number {
  const counts = [0, 0, 0, 0];
  const covered = [0, 0, 0, 0];
  const quarterOf = (bin: number): number => Math.floor(bin / BINS_A_QUARTER) % 4;
  for (let bin = from; bin < to; bin++) covered[quarterOf(bin)] = (covered[quarterOf(bin)] ?? 0) + 1;
  for (const { bins } of histories) for (const bin of bins) counts[quarterOf(bin)] = (counts[quarterOf(bin)] ?? 0) + 1;
  if (covered.some((bins) => bins < BINS_AN_HOUR)) return 0;
  const rates = counts.map((count, quarter) => count / (covered[quarter] ?? 1));
  const mean = sum(rates, 0, 4) / 4;
  return mean === 0 ? 0 : Math.min(...rates) / mean;
}
