import type { Tokens } from '../tokens.ts';
import { EACH, type Features, featuresInto } from './features.ts';
import type { Weights } from './weights.ts';
import { scaleOf, windowsOf } from './windows.ts';

export type MarkerFinder = (tokens: Tokens) => number;

/**
 * A logistic model for each marker (weights.tsv): the sum of what the features in a window say, each counted once, over the root of their number. A marker is set where
 * any window says more than nothing; the bias holds the threshold.
 */
export function createMarkerFinder(weights: Weights, bits: readonly number[], features: Features): MarkerFinder {
  const { markers } = weights;
  const numbers = new Int32Array(features.ids.length);
  const slotNumbers = new Int32Array(features.slotIds.length);
  const seen = new Int32Array(weights.features);
  const sums = new Float64Array(markers);
  let window = 0;
  let known = 0;

  const add = (feature: number): void => {
    if (feature < 0 || seen[feature] === window) return;
    seen[feature] = window;
    known++;
    for (let marker = 0; marker < markers; marker++)
      sums[marker] = (sums[marker] ?? 0) + (weights.weights[feature * markers + marker] ?? 0);
  };

  return (tokens) => {
    featuresInto(features, tokens);
    const { count, ids, slots, slotIds, slotAt } = features;
    for (let i = 0; i < count * EACH; i++) numbers[i] = weights.numberOf(ids[i] ?? 0);
    for (let i = 0; i < slots; i++) slotNumbers[i] = weights.numberOf(slotIds[i] ?? 0);
    let found = 0;
    for (const { from, to } of windowsOf(count)) {
      // Marks of the windows of earlier prompts are overwritten before the counter comes round.
      if (++window === 0x7fffffff) {
        seen.fill(0);
        window = 1;
      }
      known = 0;
      sums.fill(0);
      for (let i = from * EACH; i < to * EACH; i++) add(numbers[i] ?? -1);
      for (let i = 0; i < slots; i++) if ((slotAt[i] ?? 0) >= from && (slotAt[i] ?? 0) < to) add(slotNumbers[i] ?? -1);
      const scale = scaleOf(known);
      for (let marker = 0; marker < markers; marker++)
        if ((weights.bias[marker] ?? 0) + (sums[marker] ?? 0) * scale > 0) found |= bits[marker] ?? 0;
    }
    return found;
  };
}
