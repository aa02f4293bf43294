import { PRODUCT_LEVELS, type ProductLevel } from '../records/subject-window.ts';

/**
 * Share of prompts that ask for training data from which each level begins. Where hardly any customer asks for such things, the lowest is what a harvest takes:
 * ordinary accounts of a pool that resells have the share of the people behind it, a few per cent, a tenth at most; a harvesting account has more than half,
 * and a quarter when half of its calls are camouflage and markers know half of its wordings.
 */
const LEVELS: Readonly<Record<ProductLevel, number>> = {
  product: 0.13,
  'product-20': 0.2,
  'product-30': 0.3,
  'product-40': 0.4,
  'product-60': 0.6,
};

/** Times what customers ask for, from which it is a harvest: a pool's customers need not be like everybody, those of one that sells to developers ask for twice as much. */
const UNUSUAL = 3;
/** Accounts that are left out of what is usual, as if all they ask for were training data: a campaign that is not linked yet is among those who vote. */
const LEFT_OUT = 0.05;

export function levelFrom(level: ProductLevel): number {
  return LEVELS[level];
}

/** A lower level must hold by so much before it is gone back to: each change of level is another alert, and a mean near a limit would have one every hour. */
const SURELY = 1.25;

/**
 * The level that a harvest takes where this mean share of what customers ask for is training data; null: nobody is known yet. `before`: what it was in the hour
 * before, which is left for a higher one at once, lest customers be accused of what they all ask for.
 */
export function harvestLevel(mean: number | null, before: ProductLevel | null = null): ProductLevel {
  const usual = mean === null ? 0 : Math.max(0, mean - LEFT_OUT) / (1 - LEFT_OUT);
  const least = UNUSUAL * usual;
  const from = (share: number): ProductLevel => PRODUCT_LEVELS.find((level) => LEVELS[level] >= share) ?? 'product-60';
  if (before === null || LEVELS[before] < least) return from(least);
  const lower = from(SURELY * least);
  return LEVELS[lower] < LEVELS[before] ? lower : before;
}
