import type { Accumulator } from '../../records/accumulator.ts';
import { type Activity, PRODUCT_LEVELS, type ProductLevel } from '../../records/subject-window.ts';
import { DAY, windowStart } from '../../records/window.ts';
import { levelFrom } from '../harvest-limits.ts';
import { LIKELY, type Share, SURE, side } from '../share-limits.ts';

/** Calls of one account by what they ask for. */
interface ActivityCounts {
  calls: number;
  fingerprinted: number;
  /** Prompts that ask for training data, and hours in which there were some. */
  product: number;
  productHours: number;
  /** Calls with tools. */
  tools: number;
}

/** What a linked account did today and the day before, and what it is taken for. Plain data. */
export interface AccountActivity {
  day: number;
  /** The last hour in which the account asked for training data. */
  productHour: number;
  today: ActivityCounts;
  before: ActivityCounts;
  activity: Activity;
}

/** Share of calls with tools above which the account is an agent's. Half of programmers' calls have them, hardly any of the others'. */
const TOOLS_FROM = 0.4;
/** An account is asked after every call, and accused by it: it takes 99.9 % to be in a group. To be out of one only says that it need not be waited for. */
const LIMITS = { above: SURE, below: LIKELY };
/**
 * Marked prompts without which an account is accused of nothing, and hours that they are spread over: a teacher who has four essays scored does so in one
 * sitting, and one sitting says as much as one prompt.
 */
const LEAST_MARKED = 3;
const LEAST_HOURS = 3;

export function createActivity(): AccountActivity {
  return { day: 0, productHour: 0, today: noCounts(), before: noCounts(), activity: 'undecided' };
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
  const hour = windowStart('hour', end - 1);
  if (accumulator.product_marked > 0 && hour !== state.productHour) {
    today.productHours++;
    state.productHour = hour;
  }
  today.tools += accumulator.with_tools;
  state.activity = decide(
    {
      calls: today.calls + before.calls,
      fingerprinted: today.fingerprinted + before.fingerprinted,
      product: today.product + before.product,
      productHours: today.productHours + before.productHours,
      tools: today.tools + before.tools,
    },
    state.activity,
  );
}

/**
 * Two limits with the undecided between them, in the manner of a sequential test: an account is in a group when its share is surely above the boundary, out of
 * it when it is surely below, and what it was before in between. Few calls decide nothing, and chance does not move an account to and fro. Without text nothing is known of what is asked for, and tools alone decide.
 */
function decide({ calls, fingerprinted, product, productHours, tools }: ActivityCounts, was: Activity): Activity {
  if (fingerprinted > 0) {
    const asked = { part: product, whole: fingerprinted };
    const level = productLevel(asked, product >= LEAST_MARKED && productHours >= LEAST_HOURS, was);
    if (level !== null) return level;
    if (sideOf(asked, 'product') !== 'below') return was;
  }
  const agent = side({ part: tools, whole: calls }, TOOLS_FROM, LIMITS);
  if (agent === 'above') return 'agentic';
  if (agent === 'below') return 'other';
  return isProduct(was) ? 'undecided' : was;
}

/** The highest level that the share is surely above, or that it was at and is not surely below; null: none. */
function productLevel(asked: Share, isEnough: boolean, was: Activity): ProductLevel | null {
  const before = isProduct(was) ? PRODUCT_LEVELS.indexOf(was) : -1;
  const held = PRODUCT_LEVELS.filter((level, at) => {
    const found = sideOf(asked, level);
    return (found === 'above' && isEnough) || (found !== 'below' && at <= before);
  });
  return held.at(-1) ?? null;
}

function sideOf(asked: Share, level: ProductLevel): ReturnType<typeof side> {
  return side(asked, levelFrom(level), LIMITS);
}

function isProduct(activity: Activity): activity is ProductLevel {
  return PRODUCT_LEVELS.some((level) => level === activity);
}

function noCounts(): ActivityCounts {
  return { calls: 0, fingerprinted: 0, product: 0, productHours: 0, tools: 0 };
}
