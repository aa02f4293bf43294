import { z } from 'zod';

/** A signature as the rule file sees it. */
export interface DeclaredSignature {
  readonly name: string;
  /** Every threshold that its `evaluate` reads. */
  readonly thresholds: readonly string[];
}

/** `least_...` is an amount below which a signature says nothing: one number. Every other threshold is a feature, which counts more and more over a range. */
function isAmount(threshold: string): boolean {
  return threshold.startsWith('least_');
}

const percentile = z.number().min(0).max(100).meta({ description: 'Share in percent of the cohort at or below it.' });
const pair = z.tuple([z.number(), z.number()]);
const percentilePair = z.tuple([percentile, percentile]);

const byPercentile = z.strictObject({
  percentile: z.union([percentile, percentilePair]),
  at_least: z.union([z.number(), pair]).optional().meta({
    description:
      'Never below this, however low the cohort lies; what holds while there is no baseline. Without it a threshold that cannot be placed is not reached.',
  }),
});

/**
 * A threshold as written. In a range, `[from, to]` counts nothing at `from` and fully at `to`; a single number, or a single percentile, counts fully from there.
 * A percentile is of the subject's cohort (accounts, one vote each) at the time of scoring. Who has many accounts in a cohort can move it: `at_least` bounds how far down,
 * and the rules that come with stillwatch use none.
 */
export type WrittenThreshold = number | readonly [number, number] | z.infer<typeof byPercentile>;

/** Any that may be written, of whatever name. */
export const writtenThreshold: z.ZodType<WrittenThreshold> = z.union([z.number(), pair, byPercentile]);

export type WrittenThresholds = Readonly<Record<string, WrittenThreshold>>;

/** What the threshold of this name may be written as. Only of a feature with a baseline (`isPlaced`) can a percentile be had. */
export function thresholdSchema(name: string, isPlaced: boolean): z.ZodType<WrittenThreshold> {
  if (isAmount(name)) return z.number({ error: 'expected a number' });
  const range = 'expected a range [from, to], or a number from which it counts fully';
  if (!isPlaced) return z.union([z.number(), pair], { error: `${range} (no baseline is kept for it: no percentile)` });
  return z.union([z.number(), pair, byPercentile], {
    error: `${range}, or { percentile: [95, 99.5], at_least: [0.1, 0.3] }`,
  });
}

export function isByPercentile(threshold: WrittenThreshold): threshold is z.infer<typeof byPercentile> {
  return typeof threshold === 'object' && 'percentile' in threshold;
}

/** A threshold as a signature reads it. */
export type ResolvedThreshold = number | readonly [from: number, to: number];

/** Value that `percentile` per cent of the subject's cohort do not exceed; null while there is no baseline for the feature. */
export type Quantile = (feature: string, percentile: number) => number | null;

/** A ramp needs a width: this one is far below the width of a baseline bucket (9 %), so it is a step. */
const STEP = 1e-9;

/** The thresholds of one subject. One that cannot be placed, and says no `at_least`, is left out: its feature then contributes nothing. */
export function resolveThresholds(written: WrittenThresholds, quantile: Quantile): Record<string, ResolvedThreshold> {
  const resolved: Record<string, ResolvedThreshold> = {};
  for (const [name, threshold] of Object.entries(written)) {
    if (isAmount(name) && typeof threshold === 'number') {
      resolved[name] = threshold;
      continue;
    }
    const ends = isByPercentile(threshold) ? placed(name, threshold, quantile) : bothEnds(threshold);
    if (ends !== null) resolved[name] = ends[0] === ends[1] ? [ends[0], ends[0] + STEP] : ends;
  }
  return resolved;
}

function placed(
  feature: string,
  { percentile: wanted, at_least }: z.infer<typeof byPercentile>,
  quantile: Quantile,
): [number, number] | null {
  const [low, high] = bothEnds(wanted);
  const floor = at_least === undefined ? null : bothEnds(at_least);
  const from = quantile(feature, low);
  const to = quantile(feature, high);
  if (from === null || to === null) return floor;
  return floor === null ? [from, to] : [Math.max(from, floor[0]), Math.max(to, floor[1])];
}

function bothEnds(written: number | readonly [number, number]): [number, number] {
  return typeof written === 'number' ? [written, written] : [written[0], written[1]];
}
