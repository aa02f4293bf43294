/** Calls in one bin of a histogram. */
export interface Bin {
  bin: number;
  count: number;
}

/** Bins with `count` more in `bin`, sparse and ascending: the same array when the bin is known. */
export function withBin(bins: Bin[], bin: number, count: number): Bin[] {
  let place = bins.length;
  while (place > 0 && (bins[place - 1]?.bin ?? 0) > bin) place--;
  const known = bins[place - 1];
  if (known === undefined || known.bin !== bin) return withInserted(bins, place, { bin, count });
  known.count += count;
  return bins;
}

/** Below this an insertion makes an array of the exact length. */
const EXACT_LENGTH = 8;

/**
 * An array that is grown in place reserves room for 17 values or more. Most windows hold one call, and there are millions of them: theirs are exact, which
 * halves what a window weighs. Longer ones grow in place.
 */
export function withInserted<Value>(values: Value[], place: number, value: Value): Value[] {
  if (values.length === 0) return [value];
  if (values.length < EXACT_LENGTH) return values.toSpliced(place, 0, value);
  values.splice(place, 0, value);
  return values;
}

/** floor(log2(tokens + 1)): 0 for none, then one band for each factor of two. */
export function tokenBand(tokens: number): number {
  return 31 - Math.clz32(tokens + 1);
}
