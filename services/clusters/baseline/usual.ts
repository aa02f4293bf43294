import { FEATURES } from '../../records/features.ts';
import { bucketOf, middleOf } from './buckets.ts';

/** Votes by bucket, in any order. */
export type Distribution = Iterable<readonly [bucket: number, accounts: number]>;

/** 21 buckets of an eighth of a factor of two: a factor of 6.2. */
const SPAN = 21;

/** Below this a share, or a ratio or count, is as good as none: rare things do not become usual by being a little less rare. */
const FLOOR_OF_SHARES = 0.05;
const FLOOR_OF_OTHERS = 1;

const SHARES: ReadonlySet<string> = new Set(FEATURES.filter(({ unit }) => unit === 'share').map(({ name }) => name));

/**
 * What is usual: the geometric mean over accounts of their values, each moved into the span first (a winsorised mean). Thresholds are multiples of it.
 *
 * Why this and no quantile. A vote moves the mean of the logarithms by at most the span over the number of votes, so attackers who are 5 % of the votes,
 * wherever they put them, move it by at most 0.05 x 21 = 1.05 buckets: a factor of 2^(1.05 / 8) = 1.095, and 1.097 at the floor of 0.05, where buckets are
 * not quite logarithmic. That holds for every distribution. A quantile has no such bound: where customers are few around it (shares are mostly 0, and then
 * spread out) one account in twenty moves it from one end of the gap to the other; even the median, the least biased of them (Huber 1964), moves by 14 %
 * on a log-normal of sigma 2.
 */
export function usualValue(feature: string, distribution: Distribution): number {
  const floor = bucketOf(SHARES.has(feature) ? FLOOR_OF_SHARES : FLOOR_OF_OTHERS);
  let accounts = 0;
  let sum = 0;
  for (const [bucket, count] of distribution) {
    accounts += count;
    sum += count * Math.min(floor + SPAN, Math.max(floor, bucket));
  }
  return middleOf(accounts === 0 ? floor : sum / accounts);
}
