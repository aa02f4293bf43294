import type { ValueCounts } from './accumulator.ts';

/**
 * Values of low cardinality (models, operations, client families). Above the cap the least frequent go to `other`, ties by value: which ones then
 * depends on how windows were grouped, so the cap is far above what honest traffic shows; it only bounds what an attacker can make us keep.
 */
const MOST_VALUES = 256;

export function createValueCounts(): ValueCounts {
  return { values: [], other: 0 };
}

export function addValue(counts: ValueCounts, value: string, count = 1): void {
  for (const entry of counts.values) {
    if (entry.value !== value) continue;
    entry.count += count;
    return;
  }
  if (counts.values.length < MOST_VALUES) counts.values.push({ value, count });
  else counts.other += count;
}

export function mergeValueCounts(into: ValueCounts, from: ValueCounts): void {
  for (const { value, count } of from.values) addValue(into, value, count);
  into.other += from.other;
}

/** In an order that does not depend on arrival: most frequent first, ties by value. */
export function sortedValues(counts: ValueCounts): { value: string; count: number }[] {
  return [...counts.values].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

export function totalCount(counts: ValueCounts): number {
  let total = counts.other;
  for (const { count } of counts.values) total += count;
  return total;
}
