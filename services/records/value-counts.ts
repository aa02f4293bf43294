/** How often each value was seen; values beyond the cap are added to `other` (value-counts.ts). */
export interface ValueCounts {
  /** Ascending by value. Replaced when a value is new, never extended in place, so empty ones may share one. */
  values: readonly ValueCount[];
  other: number;
}

interface ValueCount {
  value: string;
  count: number;
}

/**
 * Values of low cardinality (models, operations, client families), ascending by value. Above the cap the last in the order of their text go to `other`.
 * That rule, unlike "the rarest go", gives the same counts in any order and grouping: a value among the first of all values is among the first of every
 * part of them, so it was never dropped and its count is exact. It keeps heavy and light values alike, which costs nothing below the cap, and the cap is
 * above what honest traffic shows: it only bounds what an attacker can make us keep. Client classes sort `unknown/` last, so invented clients push out
 * one another and none that is known.
 */
export const MOST_VALUES = 128;

const NOTHING: readonly ValueCount[] = [];

export function createValueCounts(): ValueCounts {
  return { values: NOTHING, other: 0 };
}

export function addValue(counts: ValueCounts, value: string, count = 1): void {
  const { values } = counts;
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const known = values[middle];
    if (known === undefined) break;
    if (known.value === value) {
      known.count += count;
      return;
    }
    if (known.value < value) low = middle + 1;
    else high = middle;
  }
  if (low >= MOST_VALUES) {
    counts.other += count;
    return;
  }
  // A new array of the exact length: one that grows in place reserves room for 17, and there are millions of these with one value.
  const extended = values.length === 0 ? [{ value, count }] : values.toSpliced(low, 0, { value, count });
  if (extended.length > MOST_VALUES) counts.other += extended.pop()?.count ?? 0;
  counts.values = extended;
}

export function mergeValueCounts(into: ValueCounts, from: ValueCounts): void {
  for (const { value, count } of from.values) addValue(into, value, count);
  into.other += from.other;
}

/** Most frequent first, ties by value. */
export function sortedValues(counts: ValueCounts): { value: string; count: number }[] {
  return [...counts.values].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

export function totalCount(counts: ValueCounts): number {
  let total = counts.other;
  for (const { count } of counts.values) total += count;
  return total;
}
