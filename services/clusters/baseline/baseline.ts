import type { BaselinePartial } from '../../records/subject-window.ts';
import { DAY, type WindowSize } from '../../records/window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { bucketOf, middleOf } from './buckets.ts';
import { type Cohort, isWithin, widening } from './cohort.ts';

/** How long a window's votes count: a day has its nights, a week its weekend. Event milliseconds. */
const REMEMBERED: Readonly<Record<WindowSize, number>> = { minute: 0, hour: DAY, day: 7 * DAY };
/** Account windows below which a cohort says nothing and a wider one is asked. */
const LEAST_ACCOUNTS = 50;

export interface Placed {
  /** 0..100: share of the cohort's account windows at or below the value. */
  percentile: number | null;
  /** Value that three quarters of the cohort do not exceed: quartiles hardly move when one account in twenty is an attacker's. */
  upperQuartile: number | null;
  /** Said on the alert when the cohort had to be widened, or nothing is known yet; empty otherwise. */
  note: string;
}

export interface Baseline {
  add(partial: BaselinePartial): void;
  /** Forgets what is too old to count at `time`. */
  expire(time: number): void;
  place(size: WindowSize, cohort: Cohort, feature: string, value: number): Placed;
  /** Value that `percentile` per cent of the cohort's account windows do not exceed; null when too few have been seen of any cohort. */
  quantile(size: WindowSize, cohort: Cohort, feature: string, percentile: number): number | null;
}

type Buckets = Record<string, number>;

/**
 * What is usual in the population: for each window size, cohort and feature, how many account windows of the recent past had which value. Whole numbers added
 * and taken away, so every scoring task has the same one whatever order the partials came in.
 */
export function createBaseline(tables: StateTables): Baseline {
  const windows = tables.table<BaselinePartial[]>('baseline-windows');
  const totals = tables.table<Buckets>('baseline');

  const apply = ({ window_size, cohorts }: BaselinePartial, sign: 1 | -1): void => {
    for (const { cohort, feature, buckets } of cohorts) {
      const key = `${window_size} ${feature} ${cohort}`;
      const known = totals.get(key) ?? {};
      for (const { bucket, accounts } of buckets) {
        const count = (known[bucket] ?? 0) + sign * accounts;
        if (count === 0) delete known[bucket];
        else known[bucket] = count;
      }
      if (Object.keys(known).length === 0) totals.delete(key);
      else totals.set(key, known);
    }
  };

  const distribution = (size: WindowSize, feature: string, wider: string): Map<number, number> => {
    const merged = new Map<number, number>();
    const prefix = `${size} ${feature} `;
    for (const [key, buckets] of totals.entries()) {
      if (!key.startsWith(prefix) || !isWithin(key.slice(prefix.length), wider)) continue;
      for (const [bucket, count] of Object.entries(buckets))
        merged.set(Number(bucket), (merged.get(Number(bucket)) ?? 0) + count);
    }
    return merged;
  };

  return {
    add(partial) {
      const key = `${partial.window_end} ${partial.window_size}`;
      windows.set(key, [...(windows.get(key) ?? []), partial]);
      apply(partial, 1);
    },
    expire(time) {
      for (const [key, partials] of [...windows.entries()]) {
        const [first] = partials;
        if (first === undefined || time - first.window_end < REMEMBERED[first.window_size]) continue;
        for (const partial of partials) apply(partial, -1);
        windows.delete(key);
      }
    },
    quantile(size, cohort, feature, percentile) {
      for (const wider of widening(cohort)) {
        const values = [...distribution(size, feature, wider)].sort(([a], [b]) => a - b);
        const total = values.reduce((sum, [, count]) => sum + count, 0);
        if (total < LEAST_ACCOUNTS) continue;
        let seen = 0;
        const reached = values.find(([, count]) => {
          seen += count;
          return 100 * seen >= percentile * total;
        });
        return reached === undefined ? null : middleOf(reached[0]);
      }
      return null;
    },
    place(size, cohort, feature, value) {
      const [own, ...rest] = widening(cohort);
      for (const wider of [own ?? '', ...rest]) {
        const values = [...distribution(size, feature, wider)].sort(([a], [b]) => a - b);
        const total = values.reduce((sum, [, count]) => sum + count, 0);
        if (total < LEAST_ACCOUNTS) continue;
        const at = bucketOf(value);
        const below = values.reduce((sum, [bucket, count]) => sum + (bucket <= at ? count : 0), 0);
        let seen = 0;
        const quartile = values.find(([, count]) => {
          seen += count;
          return seen >= 0.75 * total;
        });
        const note =
          wider === own
            ? ''
            : `cohort ${own} has too few accounts: compared with ${wider === '' ? 'everybody' : wider}`;
        return {
          percentile: (100 * below) / total,
          upperQuartile: quartile === undefined ? null : middleOf(quartile[0]),
          note,
        };
      }
      return {
        percentile: null,
        upperQuartile: null,
        note: 'no baseline yet: fewer than 50 account windows have been seen',
      };
    },
  };
}
