import type { Tokens } from '../tokens.ts';
import { EACH, type Features, featuresInto } from './features.ts';
import type { Weights } from './weights.ts';

/** Tokens that are judged together. A long prompt is judged part by part: what it asks for stands in one of them, and the rest is the document. */
export const WINDOW = 160;
const STEP = WINDOW / 2;
/** Where few features are known, none of them decides alone. */
export const FEW = 20;

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
    for (let from = 0; from === 0 || from + STEP < count; from += STEP) {
      const to = Math.min(count, from + WINDOW);
      // Marks of the windows of earlier prompts are overwritten before the counter comes round.
      if (++window === 0x7fffffff) {
        seen.fill(0);
        window = 1;
      }
      known = 0;
      sums.fill(0);
      for (let i = from * EACH; i < to * EACH; i++) add(numbers[i] ?? -1);
      for (let i = 0; i < slots; i++) if ((slotAt[i] ?? 0) >= from && (slotAt[i] ?? 0) < to) add(slotNumbers[i] ?? -1);
      const scale = 1 / Math.sqrt(Math.max(FEW, known));
      for (let marker = 0; marker < markers; marker++)
        if ((weights.bias[marker] ?? 0) + (sums[marker] ?? 0) * scale > 0) found |= bits[marker] ?? 0;
    }
    return found;
  };
}
