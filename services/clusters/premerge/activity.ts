import type { Accumulator } from '../../records/accumulator.ts';
import type { Activity } from '../../records/subject-window.ts';
import { DAY, windowStart } from '../../records/window.ts';

/** Calls of one account by what they ask for. */
interface ActivityCounts {
  calls: number;
  fingerprinted: number;
  /** Prompts that ask for training data. */
  product: number;
  /** Calls with tools. */
  tools: number;
}

/** What a linked account did today and the day before, and what it is taken for. Plain data. */
export interface AccountActivity {
  day: number;
  today: ActivityCounts;
  before: ActivityCounts;
  activity: Activity;
}

/**
 * Share of an account's prompts that ask for training data above which the account harvests. Ordinary accounts of a pool that resells have the share of
 * the people behind it, a few per cent, a tenth at most; a harvesting account has more than half, and a quarter when half of its calls are camouflage and
 * markers know half of its wordings.
 */
const PRODUCT_FROM = 0.13;
/** Share of calls with tools above which the account is an agent's. Half of programmers' calls have them, hardly any of the others'. */
const TOOLS_FROM = 0.4;
/** One-sided 99.9 %: it is asked after every call, and it is what an account is accused by. */
const ABOVE = 3;
/** Marked prompts without which an account is accused of nothing. */
const LEAST_MARKED = 3;
/** One-sided 95 %: it only says that an account need not be waited for. */
const BELOW = 1.645;

export function createActivity(): AccountActivity {
  return { day: 0, today: noCounts(), before: noCounts(), activity: 'undecided' };
}

/** Takes in a window that ends at `end` and decides anew. Counts are of the day of the window and of the one before: 24 to 48 hours. */
export function observeActivity(state: AccountActivity, accumulator: Accumulator, end: number): void {
  const day = windowStart('day', end - 1);
  if (day !== state.day) {
    state.before = day - state.day === DAY ? state.today : noCounts();
    state.today = noCounts();
    state.day = day;
  }
  const { today, before } = state;
  today.calls += accumulator.calls;
  today.fingerprinted += accumulator.fingerprinted;
  today.product += accumulator.product_marked;
  today.tools += accumulator.with_tools;
  state.activity = decide(
    {
      calls: today.calls + before.calls,
      fingerprinted: today.fingerprinted + before.fingerprinted,
      product: today.product + before.product,
      tools: today.tools + before.tools,
    },
    state.activity,
  );
}

/**
 * Two limits with the undecided between them, in the manner of a sequential test: an account is in a group when its share is surely above the boundary, out of
 * it when it is surely below, and what it was before in between. Few calls decide nothing, and chance does not move an account to and fro. Without text nothing is known of what is asked for, and tools alone decide.
 */
function decide({ calls, fingerprinted, product, tools }: ActivityCounts, was: Activity): Activity {
  const harvests = fingerprinted === 0 ? 'below' : side(product, fingerprinted, PRODUCT_FROM);
  if (harvests === 'above' && product >= LEAST_MARKED) return 'product';
  if (harvests !== 'below') return was;
  const agent = side(tools, calls, TOOLS_FROM);
  if (agent === 'above') return 'agentic';
  if (agent === 'below') return 'other';
  return was === 'product' ? 'undecided' : was;
}

/** Where a share lies, by the score interval of Wilson (1927), which holds for a handful of calls too. */
function side(part: number, whole: number, boundary: number): 'above' | 'below' | 'unclear' {
  if (scoreLimit(part, whole, -ABOVE) >= boundary) return 'above';
  return scoreLimit(part, whole, BELOW) < boundary ? 'below' : 'unclear';
}

function scoreLimit(part: number, whole: number, z: number): number {
  const share = part / whole;
  const middle = share + (z * z) / (2 * whole);
  const half = z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole));
  return (middle + half) / (1 + (z * z) / whole);
}

function noCounts(): ActivityCounts {
  return { calls: 0, fingerprinted: 0, product: 0, tools: 0 };
}
