import type { Accumulator } from '../accumulator.ts';
import type { LinkEvidence } from '../assignment.ts';
import { type DistinctSketch, estimate } from '../distinct-sketch.ts';
import type { Members } from '../subject-window.ts';
import type { WindowSize } from '../window.ts';

/** What a feature is computed from. */
export interface FeatureView {
  accumulator: Accumulator;
  size: WindowSize;
  /** Spread over accounts; null for a single account's own window. */
  members: Members | null;
  /** What links the accounts of a cluster, empty for a single account; absent for an account's own window. */
  evidence?: readonly LinkEvidence[];
}

/** null: the window does not say. */
export type Formula = (view: FeatureView) => number | null;

export interface Feature {
  name: string;
  /** `octaves`: factors of two. `weight`: accounts times rarity. */
  unit:
    | 'calls'
    | 'tokens'
    | 'share'
    | 'ratio'
    | 'correlation'
    | 'bits'
    | 'octaves'
    | 'count'
    | 'calls/account'
    | 'count/account'
    | 'weight';
  formula: string;
  /** Where the signal comes from; rows of research/detection.md unless said otherwise. */
  source: string;
  compute: Formula;
}

export function feature(
  name: string,
  unit: Feature['unit'],
  formula: string,
  source: string,
  compute: Formula,
): Feature {
  return { name, unit, formula, source, compute };
}

export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** For ratios with a sketch above the line, which may overestimate a little. */
export function bounded(value: number | null): number | null {
  return value === null ? null : Math.min(1, value);
}

export function perAccount(sketch: (accumulator: Accumulator) => DistinctSketch): Formula {
  return ({ accumulator, members }) =>
    members === null ? null : share(estimate(sketch(accumulator)), estimate(members.accounts));
}
