import type { Random } from './random.ts';

/** Standard normal by Box and Muller (1958). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** `mu` and `sigma` are of the logarithm: the median is exp(mu). */
export function logNormal(random: Random, mu: number, sigma: number): number {
  return Math.exp(mu + sigma * normal(random));
}

export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}

/** Gamma with unit scale (mean = shape): Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Values with weights; weights need not add up to 1. */
export type Weighted<T> = readonly (readonly [T, number])[];

/** Throws RangeError when the weights add up to nothing. */
export function weighted<T>(random: Random, choices: Weighted<T>): T {
  let total = 0;
  for (const [, weight] of choices) total += weight;
  if (!(total > 0)) throw new RangeError('weighted: the weights add up to nothing');
  let left = random.next() * total;
  let last: T | undefined;
  for (const [value, weight] of choices) {
    if (weight <= 0) continue;
    last = value;
    left -= weight;
    if (left < 0) return value;
  }
  // Rounding can leave a rest after the last choice.
  if (last === undefined) throw new RangeError('weighted: no choice');
  return last;
}

/** Inverse of an empirical distribution given as equally spaced quantiles from 0 to 1, linear between them. */
export function fromQuantiles(random: Random, quantiles: readonly number[]): number {
  const place = random.next() * (quantiles.length - 1);
  const low = Math.floor(place);
  const a = quantiles[low] ?? 0;
  const b = quantiles[low + 1] ?? a;
  return a + (b - a) * (place - low);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
