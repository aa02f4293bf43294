import { readFileSync } from 'node:fs';
import { maskInto } from '../mask.ts';
import { createTokens } from '../tokens.ts';
import { MARKER_BITS } from './all.ts';
import { idOf } from './features.ts';

/** What each feature says of each marker, by the feature's keyed id: open addressing, since it is asked for some hundred times a prompt. */
export interface Weights {
  markers: number;
  bias: Float32Array;
  features: number;
  /** A feature's number, from 0; -1 when it says nothing. */
  numberOf(id: number): number;
  /** `markers` for each feature. */
  weights: Float32Array;
}

/** By the name of the feature, in the order of the markers. */
export type NamedWeights = ReadonlyMap<string, readonly number[]>;

/** Bits of a table that knows most of the features that say nothing, and is small enough to stay near the processor. */
const FILTER_BITS = 2 ** 18;

const BIAS = '(bias)';
/** A masked stretch of a prompt, and how to get one. */
const MASKED = '_';
const SOME_MASKED_TEXT = '"a b"';

/** The weights of each feature by its name, in the order of the markers, and the bias. Throws when the file is not what the fitting writes. */
export function readWeights(): NamedWeights {
  const text = readFileSync(new URL('weights.tsv', import.meta.url), 'utf8');
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
  const columns = head.split('\t').slice(1);
  if (columns.join() !== Object.keys(MARKER_BITS).join())
    throw new Error(`weights.tsv is of other markers (${columns.join()}): fit them anew`);
  const weights = new Map(
    lines.map((line) => line.split('\t')).map(([name = '', ...values]) => [name, values.map(Number)]),
  );
  const isWhole = [...weights.values()].every(
    (values) => values.length === columns.length && values.every(Number.isFinite),
  );
  if (!isWhole || !weights.has(BIAS)) throw new Error('weights.tsv is damaged: fit the markers anew');
  return weights;
}

export function compileWeights(named: NamedWeights, key: number): Weights {
  const oneWord = wordHasher(key);
  const wordHash = (word: string): number => {
    const hash = oneWord(word);
    if (hash === null) throw new Error(`${JSON.stringify(word)} in weights.tsv is not one word: fit the markers anew`);
    return hash;
  };
  const bias = named.get(BIAS) ?? [];
  const features = named.size - 1;
  const mask = 2 ** Math.ceil(Math.log2(features * 2)) - 1;
  const ids = new Int32Array(mask + 1);
  const numbers = new Int32Array(mask + 1);
  const filter = new Uint8Array(FILTER_BITS / 8);
  const weights = new Float32Array(features * bias.length);
  const slotOf = (id: number): number => {
    let slot = id & mask;
    while (ids[slot] !== 0 && ids[slot] !== id) slot = (slot + 1) & mask;
    return slot;
  };
  let number = 0;
  for (const [name, values] of named) {
    if (name === BIAS) continue;
    const id = idOf(name, wordHash);
    const slot = slotOf(id);
    ids[slot] = id;
    numbers[slot] = number;
    const byte = (id >>> 3) % filter.length;
    filter[byte] = (filter[byte] ?? 0) | (1 << (id & 7));
    weights.set(values, number * bias.length);
    number++;
  }
  return {
    markers: bias.length,
    bias: Float32Array.from(bias),
    features,
    weights,
    numberOf(id) {
      if (((filter[(id >>> 3) % filter.length] ?? 0) & (1 << (id & 7))) === 0) return -1;
      const slot = slotOf(id);
      return ids[slot] === 0 ? -1 : (numbers[slot] ?? -1);
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
