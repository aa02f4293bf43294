import { readFileSync } from 'node:fs';
import { maskInto } from '../mask.ts';
import { createTokens } from '../tokens.ts';
import { idOf } from './features.ts';

/** What each feature says of each marker, by the feature's keyed id: open addressing, since it is asked for some hundred times a prompt. */
export interface Weights {
  markers: number;
  bias: Float32Array;
  /** Place of a feature among the weights, -1 when it says nothing. */
  placeOf(id: number): number;
  places: number;
  /** `markers` for each place. */
  weights: Float32Array;
}

const BIAS = '(bias)';
/** A masked stretch of a prompt, and how to get one. */
const MASKED = '_';
const SOME_MASKED_TEXT = '"a b"';

/** Feature, tab, and its weights in the order of the markers, by the name of the feature; the first is the bias. */
export function readWeights(): Map<string, number[]> {
  const lines = readFileSync(new URL('weights.tsv', import.meta.url), 'utf8').split('\n');
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('# '))
      .map((line) => line.split('\t'))
      .map(([name = '', ...weights]) => [name, weights.map(Number)]),
  );
}

export function compileWeights(named: ReadonlyMap<string, readonly number[]>, key: number): Weights {
  const oneWord = wordHasher(key);
  const wordHash = (word: string): number => {
    const hash = oneWord(word);
    if (hash === null) throw new Error(`${JSON.stringify(word)} in weights.tsv is not one word: fit the markers anew`);
    return hash;
  };
  const bias = named.get(BIAS) ?? [];
  const capacity = 2 ** Math.ceil(Math.log2(named.size * 2));
  const ids = new Int32Array(capacity);
  const weights = new Float32Array(capacity * bias.length);
  const placeFor = (id: number): number => {
    let place = id & (capacity - 1);
    while (ids[place] !== 0 && ids[place] !== id) place = (place + 1) & (capacity - 1);
    return place;
  };
  for (const [name, values] of named) {
    if (name === BIAS) continue;
    const id = idOf(name, wordHash);
    const place = placeFor(id);
    ids[place] = id;
    weights.set(values, place * bias.length);
  }
  return {
    markers: bias.length,
    bias: Float32Array.from(bias),
    places: capacity,
    weights,
    placeOf(id) {
      if (id === 0) return -1;
      const place = placeFor(id);
      return ids[place] === 0 ? -1 : place;
    },
  };
}

/** The keyed hash of a word as masking computes it; null for a text that is not one word. */
export function wordHasher(key: number): (word: string) => number | null {
  const tokens = createTokens(64);
  return (word) => {
    maskInto(tokens, word === MASKED ? SOME_MASKED_TEXT : word, key);
    return tokens.count === 1 ? (tokens.hash[0] ?? null) : null;
  };
}
