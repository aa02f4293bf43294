import { type Share, SURE, side } from '../share-limits.ts';
import { accountsIn, type GroupShares, markedIn, othersIn } from './groups.ts';
import { areOthersSettled, isMixed, isOneActor } from './sub-populations.ts';
import type { SubjectState } from './subject-state.ts';
import type { Judgement } from './verdict.ts';

/** An alert about a part says more than one about the whole, which would accuse the others too. */
const NOT_AS_A_WHOLE = { verdict: 'coordinated_pool', severity: 'info' } as const;

/** Nor may a page stand that was deserved before the others came. */
const NO_PAGE = { severity: 'ticket', atMost: 'ticket' } as const;

/** Times the accounts of whom a page was deserved, above which others have come into a cluster whom it would accuse as well. */
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
  { hasParts, othersAreAlike, isMixedUp }: { hasParts: boolean; othersAreAlike: boolean | null; isMixedUp: boolean },
): Judgement {
  if (judgement.verdict !== 'harvesting') return judgement;
  if (hasParts) return { ...judgement, ...NOT_AS_A_WHOLE };
  return othersAreAlike === false || isMixedUp ? { ...judgement, ...NO_PAGE } : judgement;
}

/** Keeps for whom a page of the whole was: those who come later are compared with them. `atLeast`: accounts seen that the hours before need not know yet. */
export function rememberPage(whole: SubjectState, shares: GroupShares, atLeast = 0): void {
  whole.accountsAtPage = Math.max(accountsIn(shares), atLeast);
  whole.othersAtPage = whole.accountsAtPage - shares.product.accounts;
}

/** Share of a paged cluster: so many more of whom nothing is known are strangers, and so few may be taken along. */
const STRANGERS = { from: 0.1, few: 0.05 };
/** Share of those for whom the page was, from which those known to harvest can stand for them. */
const KNOWN = 0.5;

/**
 * Whether many have come into a cluster at once since it last deserved a page as a whole, of whom it is not known that they harvest: nothing of what it was paged for was
 * seen of them. `before`: there were strangers already; there are until nearly all are known to harvest.
 */
export function areStrangersIn(
  shares: GroupShares,
  { accountsAtPage, othersAtPage }: Pick<SubjectState, 'accountsAtPage' | 'othersAtPage'>,
  before: boolean,
): boolean {
  if (accountsAtPage === 0 || othersAtPage === undefined) return false;
  const { accounts } = shares.product;
  const others = othersIn(shares);
  if (before) return others > STRANGERS.few * accounts;
  return accounts >= KNOWN * accountsAtPage && others - othersAtPage > STRANGERS.from * accountsAtPage;
}

/** Times the share of the day before it, below which that of an hour is unlike it. */
const UNLIKE = 0.9;

/**
 * Whether those who have come into a cluster since it last deserved a page are unlike it: fewer of an hour's prompts ask for training data than of the day's before it.
 * Of a campaign that grows they are as many. The day knows newcomers from a pool hardly at all, and would accuse them with the others.
 */
export function hasGrownUnlike(hour: Share, shares: GroupShares, accountsAtPage: number): boolean {
  if (accountsAtPage === 0 || !hasGrown(accountsIn(shares), accountsAtPage)) return false;
  const day = markedIn(shares);
  const before = { part: day.part - hour.part, whole: day.whole - hour.whole };
  return (
    before.whole > 0 && side(hour, (UNLIKE * before.part) / before.whole, { above: SURE, below: SURE }) === 'below'
  );
}

/** A page that an hour does not deserve is held only for those who deserved it. `accountsAtPage`: how many they were; `accounts`: how many there are now. */
export function asHeld(judgement: Judgement, accountsAtPage: number, accounts: number): Judgement {
  return judgement.severity === 'page' || !hasGrown(accounts, accountsAtPage)
    ? judgement
    : { ...judgement, atMost: 'ticket' };
}

function hasGrown(accounts: number, accountsAtPage: number): boolean {
  return accounts > GROWN * accountsAtPage;
}
