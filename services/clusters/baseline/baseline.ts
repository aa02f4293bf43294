import type { BaselinePartial, CohortMix } from '../../records/subject-window.ts';
import { DAY, type WindowSize } from '../../records/window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { createTimeline } from '../timeline.ts';
import { bucketOf, middleOf } from './buckets.ts';
import { type Cohort, cohortNamed, widening } from './cohort.ts';
import { usualValue } from './usual.ts';

/** How long a window's votes count: a day has its nights, a week its weekend. Event milliseconds. */
const REMEMBERED: Readonly<Record<WindowSize, number>> = { minute: 0, hour: DAY, day: 7 * DAY };
/** Account windows below which a cohort says nothing and a wider one is asked. */
const LEAST_ACCOUNTS = 50;

export interface Placed {
  /** 0..100: share of the cohort's account windows at or below the value. Attackers who are 5 % of the votes move it by at most 5 points. */
  percentile: number | null;
  /** What is usual in the cohort, from which thresholds are derived (usual.ts); null when nothing is known yet. */
  usual: number | null;
  /** Said on the alert when the cohort had to be widened, or nothing is known yet; empty otherwise. */
  note: string;
}

export interface Baseline {
  add(partial: BaselinePartial): void;
  /** Forgets what is too old to count at `time`: a vote counts as long as what ends a day after it, since it is judged before its accounts' next votes are known. */
  expire(time: number): void;
  place(size: WindowSize, cohort: Cohort, feature: string, value: number): Placed;
  /** Mean over the cohort's accounts, less two standard errors; null when too few have been seen of any cohort. */
  mean(size: WindowSize, cohort: Cohort, feature: string): number | null;
  /** Value that `percentile` per cent of the cohort's account windows do not exceed; null when too few have been seen of any cohort. */
  quantile(size: WindowSize, cohort: Cohort, feature: string, percentile: number): number | null;
  /** What the narrowest cohort that is large enough asks for; null when none is. */
  mix(cohort: Cohort): CohortMix | null;
}

type Buckets = Record<string, number>;
interface CohortVotes {
  cohort: string;
  buckets: readonly (readonly [bucket: number, accounts: number])[];
  total: number;
}
interface Mix {
  accounts: number;
  squares: number;
  weights: Buckets;
}

/**
 * What is usual in the population: for each window size, cohort and feature, how many account windows of the recent past had which value, and the mean mix of
 * what they asked for. Whole numbers added and taken away, so every scoring task has the same one whatever order the partials came in. A vote is added to
 * its cohort and to every wider one, so looking up is one entry.
 */
export function createBaseline(tables: StateTables): Baseline {
  const votes = createTimeline(tables.table<BaselinePartial>('baseline-votes'));
  const totals = tables.table<Buckets>('baseline');
  const mixes = tables.table<Mix>('baseline-mixes');

  const addVotes = ({ window_size, cohorts }: BaselinePartial, sign: 1 | -1): void => {
    for (const { cohort, feature, buckets } of cohorts) {
      for (const wider of widening(cohortNamed(cohort))) {
        const key = `${window_size} ${feature} ${wider}`;
        const known = totals.get(key) ?? {};
        for (const { bucket, accounts } of buckets) count(known, bucket, sign * accounts);
        if (Object.keys(known).length === 0) totals.delete(key);
        else totals.set(key, known);
      }
    }
  };
  const addMixes = (partial: BaselinePartial, sign: 1 | -1): void => {
    for (const { cohort, accounts, squares, weights } of partial.mixes) {
      for (const wider of widening(cohortNamed(cohort))) {
        const known = mixes.get(wider) ?? { accounts: 0, squares: 0, weights: {} };
        known.accounts += sign * accounts;
        known.squares += sign * squares;
        for (const { bin, count: weight } of weights) count(known.weights, bin, sign * weight);
        if (known.accounts === 0) mixes.delete(wider);
        else mixes.set(wider, known);
      }
    }
  };

  /** Of the narrowest cohort that is large enough, with its name; null when none is. */
  const distribution = (size: WindowSize, cohort: Cohort, feature: string): CohortVotes | null => {
    for (const wider of widening(cohort)) {
      const buckets = Object.entries(totals.get(`${size} ${feature} ${wider}`) ?? {}).map(
        ([bucket, accounts]) => [Number(bucket), accounts] as const,
      );
      const total = buckets.reduce((sum, [, accounts]) => sum + accounts, 0);
      if (total >= LEAST_ACCOUNTS) return { cohort: wider, buckets, total };
    }
    return null;
  };

  return {
    add(partial) {
      votes.set(
        partial.window_end + REMEMBERED[partial.window_size],
        `${partial.window_size} ${partial.source}`,
        partial,
      );
      addVotes(partial, 1);
      addMixes(partial, 1);
    },
    expire(time) {
      for (let due = votes.next(); due < time; due = votes.next()) {
        for (const partial of votes.take(due)) {
          addVotes(partial, -1);
          addMixes(partial, -1);
        }
      }
    },
    place(size, cohort, feature, value) {
      const found = distribution(size, cohort, feature);
      if (found === null)
        return { percentile: null, usual: null, note: 'no baseline yet: fewer than 50 account windows have been seen' };
      const [own] = widening(cohort);
      const at = bucketOf(value);
      const below = found.buckets.reduce((sum, [bucket, accounts]) => (bucket <= at ? sum + accounts : sum), 0);
      return {
        percentile: (100 * below) / found.total,
        usual: usualValue(feature, found.buckets),
        note:
          found.cohort === own
            ? ''
            : `cohort ${own} has too few accounts: compared with ${found.cohort === '' ? 'everybody' : found.cohort}`,
      };
    },
    mean(size, cohort, feature) {
      const found = distribution(size, cohort, feature);
      if (found === null) return null;
      const { buckets, total } = found;
      const mean = buckets.reduce((sum, [bucket, accounts]) => sum + accounts * middleOf(bucket), 0) / total;
      const spread = buckets.reduce((sum, [bucket, accounts]) => sum + accounts * (middleOf(bucket) - mean) ** 2, 0);
      return Math.max(0, mean - 2 * Math.sqrt(spread / total / total));
    },
    quantile(size, cohort, feature, percentile) {
      const found = distribution(size, cohort, feature);
      if (found === null) return null;
      let seen = 0;
      for (const [bucket, accounts] of [...found.buckets].sort(([a], [b]) => a - b)) {
        seen += accounts;
        if (100 * seen >= percentile * found.total) return middleOf(bucket);
      }
      return null;
    },
    mix(cohort) {
      for (const wider of widening(cohort)) {
        const known = mixes.get(wider);
        if (known === undefined || known.accounts < LEAST_ACCOUNTS) continue;
        const weights = Object.entries(known.weights).map(([bin, weight]) => ({ bin: Number(bin), count: weight }));
        return { cohort: wider, ...known, weights };
      }
      return null;
    },
  };
}

function count(into: Buckets, bucket: number, by: number): void {
  const sum = (into[bucket] ?? 0) + by;
  if (sum === 0) delete into[bucket];
  else into[bucket] = sum;
}
