import { scaleOf } from '../../../services/fingerprint/markers/windows.ts';
import { seededRandom } from '../../support/random.ts';

/** A prompt's windows, each a list of features numbered from 0, and whether it asks for what the model is to tell. */
export interface Example {
  windows: readonly (readonly number[])[];
  asks: boolean;
}

export interface FeatureModel {
  bias: number;
  weights: Float64Array;
}

export interface FitOptions {
  /** Holds weights to nothing: a word that one writer used is no evidence. */
  ridge: number;
  rounds: number;
  seed: number;
}

/** Step of AdaGrad (Duchi, Hazan and Singer 2011): features that are seldom seen move as far as common ones. */
const STEP = 0.2;
const FIRST_SQUARE = 1e-6;

/**
 * Logistic regression in which a prompt is as suspicious as its most suspicious window: only that one is learnt from (multiple-instance learning), so that a
 * pasted document is not held against whoever asks for something beside it. Deterministic.
 */
export function fitFeatures(
  examples: readonly Example[],
  features: number,
  { ridge, rounds, seed }: FitOptions,
): FeatureModel {
  const weights = new Float64Array(features);
  const squares = new Float64Array(features).fill(FIRST_SQUARE);
  let bias = 0;
  let biasSquares = FIRST_SQUARE;
  const random = seededRandom(seed);
  const order = examples.map((_, i) => i);
  for (let round = 0; round < rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    for (const at of order) {
      const example = examples[at];
      if (example === undefined) continue;
      const { window, score } = strongest({ bias, weights }, example.windows);
      const error = 1 / (1 + Math.exp(-score)) - (example.asks ? 1 : 0);
      const scale = scaleOf(window.length);
      for (const feature of window) {
        const weight = weights[feature] ?? 0;
        const slope = error * scale + ridge * weight;
        const square = (squares[feature] ?? 0) + slope * slope;
        squares[feature] = square;
        weights[feature] = weight - (STEP * slope) / Math.sqrt(square);
      }
      biasSquares += error * error;
      bias -= (STEP * error) / Math.sqrt(biasSquares);
    }
  }
  return { bias, weights };
}

/** Log-odds of the most suspicious window. */
export function score(model: FeatureModel, windows: Example['windows']): number {
  return strongest(model, windows).score;
}

function strongest(
  { bias, weights }: FeatureModel,
  windows: Example['windows'],
): { window: readonly number[]; score: number } {
  let best: readonly number[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  for (const window of windows) {
    let sum = 0;
    for (const feature of window) sum += weights[feature] ?? 0;
    const score = bias + sum * scaleOf(window.length);
    if (score <= highest) continue;
    highest = score;
    best = window;
  }
  return { window: best, score: highest };
}
