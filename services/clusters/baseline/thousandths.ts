/** Each count as thousandths of their sum, rounded down: whole numbers, so that sums over accounts are the same in any order. */
export function thousandths(counts: readonly number[]): number[] {
  let total = 0;
  for (const count of counts) total += count;
  return counts.map((count) => (total === 0 ? 0 : Math.floor((1_000 * count) / total)));
}
