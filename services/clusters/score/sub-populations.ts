import { SURE, side } from '../share-limits.ts';
import { type GroupShare, type GroupShares, markedIn, othersIn, SUB_GROUPS, type SubGroup } from './groups.ts';

/** A cluster of which this share does the same is one actor: it is judged whole, and has one alert. */
const WHOLE_FROM = 0.8;
/** It is taken apart only below this, so that an account more or less does not change who is judged. */
const APART_BELOW = 0.7;
/**
 * Accounts that harvest for one queue share its templates; customers of a pool who happen to ask for similar things do not, each has wordings of its own.
 * Measured on simulated pools: 1.25 to 1.5 for harvesters half of whose calls are resold, 1.0 to 1.05 for accounts of ordinary customers. Without it, five
 * teachers in a reseller's pool would be a sub-population.
 */
const SHARED_FROM = 1.25;

/**
 * Which sub-populations of a cluster are judged by themselves. Only accounts of which something is known count, so that a young cluster is not taken apart
 * by what is not known of it yet: a group must be a minority among those known, of at least `leastAccounts`, beside as many others. Accounts that are each
 * too quiet to be decided on may still be known together: of a campaign's the prompts ask for training data, of a reseller's they do not, and who is quiet
 * must not be accused of what the loud ones do. Where strangers have come in, only those known to harvest are accused, however many they are.
 */
export function separateGroups(
  shares: GroupShares,
  before: readonly SubGroup[],
  {
    leastAccounts,
    harvestsFrom,
    areStrangersIn,
  }: { leastAccounts: number; harvestsFrom: number; areStrangersIn: boolean },
): SubGroup[] {
  const { product, agentic, other, undecided } = shares;
  const quiet = areStrangersIn || harvestsNot(undecided, harvestsFrom) ? undecided.accounts : 0;
  const rest = { product: agentic.accounts + other.accounts + quiet, agentic: other.accounts };
  return SUB_GROUPS.filter((group) => {
    const { accounts, accountsPerTemplate } = shares[group];
    const beside = rest[group];
    if (accounts < leastAccounts || beside < leastAccounts) return false;
    if (accountsPerTemplate !== null && accountsPerTemplate < SHARED_FROM) return false;
    if (group === 'product' && areStrangersIn) return true;
    return accounts / (accounts + beside) < (before.includes(group) ? WHOLE_FROM : APART_BELOW);
  }).filter((group) => group === 'product' || !isWhole(product.accounts + agentic.accounts, other.accounts));
}

/** Whether some harvest for sure and others, not too few to matter, do not, as far as is known. */
export function isMixed(shares: GroupShares): boolean {
  const { accounts } = shares.product;
  return accounts > 0 && !isWhole(accounts, othersIn(shares));
}

/** Share of the prompts of all above which most accounts must harvest, whoever they are. */
const MOST_HARVEST = 0.4;

/**
 * Whether a cluster of which nobody is known yet may be taken for one actor: it may when most must harvest, or when its accounts have been heard for so long that a
 * part that harvests would be known. Without text nothing of this can be.
 */
export function isOneActor(shares: GroupShares, harvestsFrom: number): boolean {
  const marked = markedIn(shares);
  if (marked.whole === 0 || areOthersSettled(shares)) return true;
  return side(marked, Math.max(MOST_HARVEST, harvestsFrom), { above: SURE, below: SURE }) === 'above';
}

/** Prompts of an account by which one that harvests with half of them has been decided on, nearly always. */
const TELLING = 15;

/** Whether those who are not known to harvest have been heard for so long that hardly a harvester is left among them. */
export function areOthersSettled(shares: GroupShares): boolean {
  return markedIn(shares).whole - shares.product.marked.whole >= TELLING * othersIn(shares);
}

/** Calls of one account resemble each other, so it takes more than for a single account. */
function harvestsNot({ marked }: GroupShare, harvestsFrom: number): boolean {
  return side(marked, harvestsFrom, { above: SURE, below: SURE }) === 'below';
}

function isWhole(notable: number, others: number): boolean {
  return notable >= WHOLE_FROM * (notable + others);
}
