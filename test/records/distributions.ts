import type { SeededRandom } from '../support/random.ts';

/** Counts of a Poisson process: Knuth's product, for small means. */
export function poisson(mean: number, random: SeededRandom): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 100) {
    const limit = Math.exp(-Math.min(left, 100));
    for (let product = random.next(); product > limit; product *= random.next()) count++;
  }
  return count;
}

/** A value whose logarithm is normal, with this mean (Box-Muller). */
export function logNormal(mean: number, sigma: number, random: SeededRandom): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return mean * Math.exp(sigma * normal - sigma ** 2 / 2);
}
