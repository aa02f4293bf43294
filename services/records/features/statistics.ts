import type { Bin } from '../bins.ts';
import { sortedValues, totalCount, type ValueCounts } from '../value-counts.ts';

/** Bits; 0 when there is one value. Summed from the most frequent down: the same to the last bit in every order of arrival. */
export function entropyOf(counts: ValueCounts): number | null {
  return entropy(
    sortedValues(counts).map(({ count }) => count),
    totalCount(counts),
  );
}

export function entropyOfBins(bins: readonly Bin[]): number | null {
  return entropy(
    bins.map(({ count }) => count),
    totalOf(bins),
  );
}

function entropy(counts: readonly number[], total: number): number | null {
  if (total === 0) return null;
  let bits = 0;
  for (const count of counts) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

export function topShareOf(counts: ValueCounts): number | null {
  const total = totalCount(counts);
  return total === 0 ? null : (sortedValues(counts)[0]?.count ?? 0) / total;
}

export function totalOf(bins: readonly Bin[]): number {
  let total = 0;
  for (const { count } of bins) total += count;
  return total;
}

/** Standard deviation of the bin's number. Whole numbers up to the one root: the same to the last bit in every order. */
export function spread(bins: readonly Bin[]): number | null {
  let calls = 0;
  let sum = 0;
  let squares = 0;
  for (const { bin, count } of bins) {
    calls += count;
    sum += bin * count;
    squares += bin * bin * count;
  }
  return calls < 2 ? null : Math.sqrt(calls * squares - sum * sum) / calls;
}
