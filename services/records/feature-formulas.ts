import type { Accumulator, Bin, ValueCounts } from './accumulator.ts';
import { type DistinctSketch, estimate } from './distinct-sketch.ts';
import type { Members } from './subject-window.ts';
import { sortedValues, totalCount } from './value-counts.ts';
import type { WindowSize } from './window.ts';

export interface FeatureView {
  accumulator: Accumulator;
  size: WindowSize;
  /** Spread over accounts; null for a single account's own window. */
  members: Members | null;
}

/** null: the window does not say. */
export type Formula = (view: FeatureView) => number | null;

export function marked(count: (accumulator: Accumulator) => number): Formula {
  return ({ accumulator }) => share(count(accumulator), accumulator.fingerprinted);
}

export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** A sketch may overestimate a little. */
export function bounded(value: number | null): number | null {
  return value === null ? null : Math.min(1, value);
}

export function perAccount(sketch: (accumulator: Accumulator) => DistinctSketch): Formula {
  return ({ accumulator, members }) =>
    members === null ? null : share(estimate(sketch(accumulator)), estimate(members.accounts));
}

export function nearDuplicateShare({ accumulator }: FeatureView): number | null {
  const distinct = share(estimate(accumulator.distinct_templates), accumulator.fingerprinted);
  return distinct === null ? null : Math.max(0, 1 - distinct);
}

export function mostFillings({ accumulator }: FeatureView): number | null {
  if (accumulator.templates.length === 0) return null;
  let most = 0;
  for (const { fillings } of accumulator.templates) most = Math.max(most, estimate(fillings));
  return most;
}

/** Whole numbers up to the one root: the same to the last bit in every order. */
export function spread(bands: readonly Bin[]): number | null {
  let calls = 0;
  let sum = 0;
  let squares = 0;
  for (const { bin, count } of bands) {
    calls += count;
    sum += bin * count;
    squares += bin * bin * count;
  }
  return calls < 2 ? null : Math.sqrt(calls * squares - sum * sum) / calls;
}

function keptCalls({ templates }: Accumulator): number {
  let calls = 0;
  for (const template of templates) calls += template.calls;
  return calls;
}

export function templateConcentration({ accumulator }: FeatureView): number | null {
  const all = keptCalls(accumulator);
  if (all === 0) return null;
  let sum = 0;
  for (const { calls } of accumulator.templates) sum += (calls / all) ** 2;
  return sum;
}

export function topTemplateShare({ accumulator }: FeatureView): number | null {
  let most = 0;
  for (const { calls } of accumulator.templates) most = Math.max(most, calls);
  return share(most, keptCalls(accumulator));
}

const ENUMERATED_CALLS = 8;
const ENUMERATED_FRESH = 0.9;

export function enumeratedShare({ accumulator }: FeatureView): number | null {
  let enumerated = 0;
  for (const { calls, fillings } of accumulator.templates) {
    if (calls >= ENUMERATED_CALLS && estimate(fillings) >= ENUMERATED_FRESH * calls) enumerated += calls;
  }
  return share(enumerated, keptCalls(accumulator));
}

const NONSTANDARD = ['relay/', 'script/', 'unknown/', 'absent/'];

export function nonstandardShare({ accumulator }: FeatureView): number | null {
  let calls = 0;
  for (const { value, count } of accumulator.user_agents.values) {
    if (NONSTANDARD.some((prefix) => value.startsWith(prefix))) calls += count;
  }
  // What is beyond the cap is last in order: `unknown/` clients (value-counts.ts).
  return share(calls + accumulator.user_agents.other, accumulator.calls);
}

export function entropy(counts: ValueCounts): number | null {
  const total = totalCount(counts);
  if (total === 0) return null;
  let bits = 0;
  for (const { count } of sortedValues(counts)) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

export function binsOf(size: WindowSize): number {
  return size === 'day' ? 96 : 60;
}

/** Fewer calls than bins say nothing of their regularity. */
const DISPERSION_FROM = 60;

export function dispersion(arrivals: readonly Bin[], size: WindowSize): number | null {
  const bins = binsOf(size);
  let calls = 0;
  let squares = 0;
  for (const { count } of arrivals) {
    calls += count;
    squares += count * count;
  }
  if (calls < DISPERSION_FROM) return null;
  const mean = calls / bins;
  return (squares / bins - mean * mean) / mean;
}

export function gini(histogram: readonly { calls: number; accounts: number }[]): number | null {
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
