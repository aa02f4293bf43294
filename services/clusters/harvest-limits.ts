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

/** The level that a harvest takes where this mean share of what customers ask for is training data; null: nobody is known yet. */
export function harvestLevel(mean: number | null): ProductLevel {
  const usual = mean === null ? 0 : Math.max(0, mean - LEFT_OUT) / (1 - LEFT_OUT);
  const least = UNUSUAL * usual;
  return PRODUCT_LEVELS.find((level) => LEVELS[level] >= least) ?? 'product-60';
}
