import type { GroupShares } from './groups.ts';
import { areOthersSettled, isMixed, isOneActor } from './sub-populations.ts';
import type { Judgement } from './verdict.ts';

/** An alert about a part says more than one about the whole, which would accuse the others too. */
const NOT_AS_A_WHOLE = { verdict: 'coordinated_pool', severity: 'info' } as const;

/** Nor may a page stand that was deserved before the others came. */
const NO_PAGE = { severity: 'ticket', atMost: 'ticket' } as const;

/** Times the accounts of whom a page was deserved, from which it is not held through an hour that does not deserve it: it would accuse whoever came since. */
const GROWN = 1.1;

/**
 * Nobody is accused by what others ask for: a cluster some of whose accounts surely harvest pages only where the others, judged alone, would as well. Those of a
 * campaign do; those of a reseller are a busy pool of ordinary people, with some harvesters left among them at first. Once these are told apart it is enough that
 * the others are accused at all: a campaign that resells beside may stay at the edge of a page. Null: there is nothing to ask.
 */
export function areOthersAlike(
  whole: Judgement,
  harvestsFrom: number,
  sharesNow: () => GroupShares,
  judgeOthers: () => Judgement | null,
): boolean | null {
  if (whole.severity !== 'page') return null;
  const shares = sharesNow();
  if (shares.product.accounts === 0 && !isOneActor(shares, harvestsFrom)) return false;
  if (!isMixed(shares)) return null;
  const others = judgeOthers();
  return others?.severity === 'page' || (others?.verdict === 'harvesting' && areOthersSettled(shares));
}

/** What may be said of a cluster: sub-populations that are judged by themselves answer for their harvest, and what is left of it is a pool. */
export function asAWhole(
  judgement: Judgement,
  { hasParts, othersAreAlike }: { hasParts: boolean; othersAreAlike: boolean | null },
): Judgement {
  if (judgement.verdict !== 'harvesting') return judgement;
  if (hasParts) return { ...judgement, ...NOT_AS_A_WHOLE };
  return othersAreAlike === false ? { ...judgement, ...NO_PAGE } : judgement;
}

/** A page that an hour does not deserve is held only for those who deserved it. `accountsAtPage`: how many they were; `accounts`: how many there are now. */
export function asHeld(judgement: Judgement, accountsAtPage: number, accounts: number): Judgement {
  const isHeld = judgement.severity === 'page' || accounts <= GROWN * accountsAtPage;
  return isHeld ? judgement : { ...judgement, atMost: 'ticket' };
}
