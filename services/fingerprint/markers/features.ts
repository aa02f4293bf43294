import type { Tokens } from '../tokens.ts';
import { mix } from '../words.ts';

/** Kinds of features that begin at a token, each at its place. */
export const FEATURES = { word: 0, stem: 1, pair: 2, stemPair: 3 } as const;
export const EACH = Object.keys(FEATURES).length;

/** What tells the kinds apart where two of them are made of the same hashes. */
const STEM = 0x7f4a7c15;
const PAIR = 0x1b873593;
const STEM_PAIR = 0x52dce729;
const SLOT = 0x38495ab5;

export interface Features {
  /** Tokens. */
  count: number;
  /** `EACH` for every token, 0 where there is none: a short word is its own stem. */
  ids: Int32Array;
  /** Names of output fields, and the token that each stands in, in order. */
  slots: number;
  slotIds: Int32Array;
  slotAt: Int32Array;
}

export function createFeatures(most: number, mostSlots: number): Features {
  return {
    count: 0,
    ids: new Int32Array(most * EACH),
    slots: 0,
    slotIds: new Int32Array(mostSlots),
    slotAt: new Int32Array(mostSlots),
  };
}

/** Words, what they begin with, pairs of both, and the names of output fields: from hashes that masking has computed anyway. */
export function featuresInto(features: Features, { count, hash, stem, slots }: Tokens): void {
  const { ids, slotIds, slotAt } = features;
  features.count = count;
  for (let at = 0; at < count; at++) {
    const word = hash[at] ?? 0;
    const begins = stem[at] ?? 0;
    const isLast = at + 1 === count;
    const next = hash[at + 1] ?? 0;
    const nextBegins = stem[at + 1] ?? 0;
    const place = at * EACH;
    const isShort = begins === word;
    ids[place + FEATURES.word] = word;
    ids[place + FEATURES.stem] = isShort ? 0 : mix(begins ^ STEM);
    ids[place + FEATURES.pair] = isLast ? 0 : pairOf(word, next, PAIR);
    ids[place + FEATURES.stemPair] =
      isLast || (isShort && nextBegins === next) ? 0 : pairOf(begins, nextBegins, STEM_PAIR);
  }
  let known = 0;
  for (let place = 0; place < slots.count; place++) {
    const word = slots.hash[place] ?? 0;
    if (word === 0) continue;
    slotIds[known] = mix(word ^ SLOT);
    slotAt[known] = slots.at[place] ?? 0;
    known++;
  }
  features.slots = known;
}

function pairOf(first: number, second: number, salt: number): number {
  return mix(Math.imul(first, 0x9e3779b1) ^ second ^ salt);
}

/** A feature by its name in weights.tsv, as `nameOf` in the fitting writes it: `word`, `stem-`, `word word`, `stem- stem-`, `{field`. */
export function idOf(name: string, wordHash: (word: string) => number): number {
  if (name.startsWith('{')) return mix(wordHash(name.slice(1)) ^ SLOT);
  const parts = name.split(' ');
  const hashes = parts.map((part) => wordHash(part.length > 1 && part.endsWith('-') ? part.slice(0, -1) : part));
  const isStem = parts.some((part) => part.length > 1 && part.endsWith('-'));
  const [first = 0, second] = hashes;
  if (second === undefined) return isStem ? mix(first ^ STEM) : first;
  return pairOf(first, second, isStem ? STEM_PAIR : PAIR);
}
