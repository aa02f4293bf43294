/**
 * Values in logarithmic buckets of 9 % width from 0.001 up: whole numbers, so that distributions merge exactly in any order. A library sketch (DDSketch)
 * does the same at ten times the size for a distribution of a few accounts, which is what most cohorts have.
 */
const STEPS = 8;
const SCALE = 1_000;

export function bucketOf(value: number): number {
  return value <= 0 ? 0 : Math.round(STEPS * Math.log2(value * SCALE + 1));
}

export function middleOf(bucket: number): number {
  return (2 ** (bucket / STEPS) - 1) / SCALE;
}
