import { inflected } from './inflected.ts';
import { maskInto } from './mask.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** A word or phrase with its roles. */
interface Entry {
  /** Hashes of the words after the first. */
  rest: readonly number[];
  /** Bit set. */
  roles: number;
}

/** Role to its words and phrases, separated by `|`, in lower case; `0` stands for any number, `~` behind an English verb for its forms. */
export type Lexicon = Readonly<Record<string, string>>;

export interface WordFinder {
  /** First token of each word or phrase found, in the order of the text, and the bit set of its roles. Overwritten by the next `find`. */
  at: number[];
  bits: number[];
  find(tokens: Tokens): void;
}

const NONE: readonly Entry[] = [];

/** Low bits of a hash: a table look-up spares most words the map. */
const FILTER = 0xffff;

/** Tables of the words that are entries by themselves, and of the pairs of words that begin a phrase: "the" and "to" begin many, and are nearly always followed by something else. */
interface Filter {
  words: Uint8Array;
  pairs: Uint8Array;
}

/** Looks for the words of a lexicon, by the keyed hashes that masking has computed anyway. Phrases are cut into words by the same scanner that cuts prompts. */
export function createWordFinder(lexicon: Lexicon, key: number): WordFinder {
  const entries = compile(lexicon, key);
  const filter = filterOf(entries);
  const found: WordFinder = {
    at: [],
    bits: [],
    find(tokens) {
      found.at.length = 0;
      found.bits.length = 0;
      const { hash, count } = tokens;
      for (let at = 0; at < count; at++) {
        const word = hash[at] ?? 0;
        if (!passes(filter, word, hash[at + 1] ?? 0)) continue;
        for (const { rest, roles } of entries.get(word) ?? NONE) if (follows(tokens, at, rest)) add(found, at, roles);
      }
    },
  };
  return found;
}

function filterOf(entries: ReadonlyMap<number, readonly Entry[]>): Filter {
  const filter: Filter = { words: new Uint8Array(FILTER + 1), pairs: new Uint8Array(FILTER + 1) };
  for (const [word, known] of entries)
    for (const { rest } of known) {
      const [next] = rest;
      if (next === undefined) filter.words[word & FILTER] = 1;
      else filter.pairs[pairOf(word, next)] = 1;
    }
  return filter;
}

function passes({ words, pairs }: Filter, word: number, next: number): boolean {
  return words[word & FILTER] === 1 || pairs[pairOf(word, next)] === 1;
}

function pairOf(word: number, next: number): number {
  return (Math.imul(word, 31) ^ next) & FILTER;
}

function compile(lexicon: Lexicon, key: number): ReadonlyMap<number, Entry[]> {
  const entries = new Map<number, Entry[]>();
  const tokens = createTokens(64);
  Object.values(lexicon).forEach((phrases, role) => {
    for (const phrase of phrases.split('|').flatMap(inflected)) {
      maskInto(tokens, phrase, key);
      const [first, ...rest] = tokens.hash.slice(0, tokens.count);
      if (first === undefined) continue;
      const known = entries.get(first) ?? [];
      const same = known.find((entry) => isSame(entry.rest, rest));
      if (same === undefined) known.push({ rest, roles: 1 << role });
      else same.roles |= 1 << role;
      entries.set(first, known);
    }
  });
  return entries;
}

function add({ at, bits }: WordFinder, token: number, roles: number): void {
  const last = at.length - 1;
  if (at[last] === token) bits[last] = (bits[last] ?? 0) | roles;
  else {
    at.push(token);
    bits.push(roles);
  }
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((word, i) => word === other[i]);
}

function follows({ hash, sentence, count }: Tokens, at: number, rest: readonly number[]): boolean {
  if (at + rest.length >= count) return rest.length === 0;
  for (let i = 0; i < rest.length; i++)
    if (hash[at + 1 + i] !== rest[i] || sentence[at + 1 + i] !== sentence[at]) return false;
  return true;
}
