import { HOUR } from '../records/window.ts';
import { BIN_LENGTH, BINS_AN_HOUR } from './lockstep.ts';

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

const LAGS = 24;

export interface Recurrence {
  /** How much likelier two calls within twelve hours fall into one hour when they are of one account than when they are of two. */
  clustering: number;
  /** The same for falling six to eighteen hours apart, among calls within a day: below 1, accounts keep hours of their own. */
  roundTheClock: number;
}

/**
 * Whether accounts come back at times of their own. Both compare pairs of calls of one account with pairs of two accounts at the same distance in time, so
 * the group's own day, its pauses, and accounts that come and go cancel out (a cross-K function, Ripley 1976). 1: an account's calls are a random part of
 * the group's. People come in sittings (3 to 20) and sleep (0.1 to 0.6); a round-robin is below 1 and awake.
 */
export function recurrence(histories: readonly WorkHistory[]): Recurrence {
  const own = new Array<number>(LAGS).fill(0);
  const all = new Array<number>(LAGS).fill(0);
  const totals = new Map<number, number>();
  for (const { bins } of histories) {
    const hours = bins.map((bin) => Math.floor(bin / BINS_AN_HOUR));
    for (const [i, hour] of hours.entries()) {
      totals.set(hour, (totals.get(hour) ?? 0) + 1);
      for (let j = i + 1; j < hours.length; j++) {
        const lag = (hours[j] ?? hour) - hour;
        if (lag >= LAGS) break;
        own[lag] = (own[lag] ?? 0) + 1;
      }
    }
  }
  for (const [hour, count] of totals) {
    all[0] = (all[0] ?? 0) + (count * (count - 1)) / 2;
    for (let lag = 1; lag < LAGS; lag++) all[lag] = (all[lag] ?? 0) + count * (totals.get(hour + lag) ?? 0);
  }
  const others = all.map((count, lag) => count - (own[lag] ?? 0));
  const share = (pairs: readonly number[], from: number, to: number, of: number): number =>
    sum(pairs, 0, of) === 0 ? 0 : sum(pairs, from, to) / sum(pairs, 0, of);
  const ratio = (from: number, to: number, of: number): number => {
    const expected = share(others, from, to, of);
    return expected === 0 ? 0 : share(own, from, to, of) / expected;
  };
  return { clustering: ratio(0, 1, 12), roundTheClock: ratio(6, 18, LAGS) };
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

/**
 * Whether the accounts know of each other. Sums of independent processes have the sum of their variances; accounts that take turns (sticky sessions) have a
 * smoother sum, accounts that are dealt out of one queue in turn a rougher one, since all feel its fluctuations and have none of their own.
 * Variances are those of differences between blocks some hours apart, which takes the trend out. Blocks are so long that an account has a call in each.
 */
export function superposition(histories: readonly WorkHistory[], from: number, to: number): Superposition {
  const calls = histories.reduce((total, { bins }) => total + bins.length, 0);
  const perHour = (calls / Math.max(1, histories.length) / Math.max(1, to - from)) * BINS_AN_HOUR;
  const hours = [1, 2, 3, 4].find((length) => length * perHour >= 1) ?? 6;
  const length = hours * BINS_AN_HOUR;
  const blocks = Math.floor((to - from) / length);
  // A day apart when there is enough of it: the trend of the day is then out entirely.
  const lag = Math.max(1, Math.floor(((to - from) * BIN_LENGTH >= 60 * HOUR ? 24 : 8) / hours));
  if (blocks - lag < 6) return { ratio: 1, deviations: 0 };
  const total = new Array<number>(blocks).fill(0);
  let parts = 0;
  for (const { bins } of histories) {
    const mine = new Map<number, number>();
    for (const bin of bins) {
      const block = Math.floor((bin - from) / length);
      if (block < 0 || block >= blocks) continue;
      mine.set(block, (mine.get(block) ?? 0) + 1);
      total[block] = (total[block] ?? 0) + 1;
    }
    // The squares of all differences: each block is in two of them but at the ends.
    for (const [block, count] of mine) {
      if (block + lag < blocks) parts += (count - (mine.get(block + lag) ?? 0)) ** 2;
      if (block >= lag && !mine.has(block - lag)) parts += count ** 2;
    }
  }
  let whole = 0;
  for (let block = 0; block + lag < blocks; block++) whole += ((total[block] ?? 0) - (total[block + lag] ?? 0)) ** 2;
  if (parts === 0) return { ratio: 1, deviations: 0 };
  const ratio = whole / parts;
  // Wilson-Hilferty for a chi-squared over its degrees of freedom, of which overlapping differences have about two thirds.
  const freedom = ((blocks - lag) * 2) / 3;
  const spread = 2 / (9 * freedom);
  return { ratio, deviations: (Math.cbrt(ratio) - (1 - spread)) / Math.sqrt(spread) };
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
