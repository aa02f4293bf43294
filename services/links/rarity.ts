import type { LinkKind } from '../records/link-observation.ts';
import type { LinkSettings } from './settings.ts';

/** FRAUDAR (KDD'16) weighs an edge by 1/log(degree + 5): an attribute grows weaker the more accounts share it, yet so slowly that camouflage does not pay. */
const FRAUDAR_CONSTANT = 5;

/** 1 for an attribute of two accounts, falling with the logarithm of its degree. */
export function rarity(degree: number): number {
  return Math.log(2 + FRAUDAR_CONSTANT) / Math.log(Math.max(2, degree) + FRAUDAR_CONSTANT);
}

/** Weight 0..1 of an attribute that `degree` accounts share. */
export function attributeWeight(kind: LinkKind, degree: number, { kinds }: LinkSettings): number {
  const { base, cap } = kinds[kind];
  return degree < 2 || degree > cap ? 0 : base * rarity(degree);
}

/**
 * Weight of having signed up with `together - 1` others alike within the hour, where `expected` would by themselves. Among many sign-ups alike more is
 * stronger, not weaker; what counts is whether it is chance (Poisson), and what share of them is not.
 */
export function batchWeight(together: number, expected: number, { kinds, batch }: LinkSettings): number {
  if (together < batch.least || together > kinds.signup_batch.cap) return 0;
  if (atLeast(together - 1, expected) > batch.chanceBelow) return 0;
  return kinds.signup_batch.base * (1 - expected / together);
}

/** Chance that a Poisson variable of that mean is at least `count`. */
function atLeast(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < count; k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}
