import { maskInto } from '../mask.ts';
import { createTokens, type Tokens } from '../tokens.ts';
import { inflected } from './inflected.ts';

/** A word or phrase with its roles in one of the vocabularies. */
interface Entry {
  /** Hashes of the words after the first. */
  rest: readonly number[];
  vocabulary: number;
  /** Bit set. */
  roles: number;
}

/** Role to its words and phrases, separated by `|`, in lower case; `0` stands for any number, `~` behind an English verb for its forms. */
export type Lexicon = Readonly<Record<string, string>>;

/** Where the words of one vocabulary stand in a prompt, in the order of the text. */
export interface Occurrences {
  /** Name of a role to its number, 0 to 30. */
  roles: ReadonlyMap<string, number>;
  /** Bit set of the roles that occur at all in running text. */
  present: number;
  /** First token, and bit set of its roles. */
  at: number[];
  bits: number[];
  /** The same for names of output fields (slots.ts). */
  slotAt: number[];
  slotBits: number[];
}

const NONE: readonly Entry[] = [];

/** Low bits of a hash: a table look-up spares most words the map. */
const FILTER = 0xffff;

/** Tables of the words that are entries by themselves, and of the pairs of words that begin a phrase: "the" and "to" begin many, and are nearly always followed by something else. */
interface Filter {
  words: Uint8Array;
  pairs: Uint8Array;
}

export interface WordFinder {
  /** One for each lexicon, overwritten by the next `find`. */
  occurrences: readonly Occurrences[];
  find(tokens: Tokens): void;
}

/**
 * Looks for the words of all lexicons at once, by the keyed hashes that masking has computed anyway: one look-up a word. (Two words share a 32-bit hash
 * once in 4e9: with some 3,000 entries, one word in a million is taken for another.) Phrases are cut into words by the same scanner that cuts prompts.
 */
export function createWordFinder(lexicons: readonly Lexicon[], key: number): WordFinder {
  const entries = compile(lexicons, key);
  const filter = filterOf(entries);
  const occurrences = lexicons.map(
    (lexicon): Occurrences => ({
      roles: new Map(Object.keys(lexicon).map((role, i) => [role, i])),
      present: 0,
      at: [],
      bits: [],
      slotAt: [],
      slotBits: [],
    }),
  );
  return {
    occurrences,
    find(tokens) {
      for (const one of occurrences) {
        one.present = 0;
        one.at.length = 0;
        one.bits.length = 0;
        one.slotAt.length = 0;
        one.slotBits.length = 0;
      }
      const { hash, count, slots } = tokens;
      for (let at = 0; at < count; at++) {
        const word = hash[at] ?? 0;
        if (!passes(filter, word, hash[at + 1] ?? 0)) continue;
        for (const { rest, vocabulary, roles } of entries.get(word) ?? NONE) {
          const found = occurrences[vocabulary];
          if (found === undefined || (rest.length > 0 && !follows(tokens, at, rest))) continue;
          found.present |= roles;
          add(found.at, found.bits, at, roles);
        }
      }
      for (let place = 0; place < slots.count; place++) {
        const word = slots.hash[place] ?? 0;
        if (!passes(filter, word, slots.hash[place + 1] ?? 0)) continue;
        for (const { rest, vocabulary, roles } of entries.get(word) ?? NONE) {
          const found = occurrences[vocabulary];
          if (found === undefined || rest.some((next, i) => slots.hash[place + 1 + i] !== next)) continue;
          add(found.slotAt, found.slotBits, slots.at[place] ?? 0, roles);
        }
      }
    },
  };
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

function compile(lexicons: readonly Lexicon[], key: number): ReadonlyMap<number, Entry[]> {
  const entries = new Map<number, Entry[]>();
  const tokens = createTokens(64);
  lexicons.forEach((lexicon, vocabulary) => {
    Object.values(lexicon).forEach((phrases, role) => {
      for (const phrase of phrases.split('|').flatMap(inflected)) {
        maskInto(tokens, phrase, key);
        const [first, ...rest] = tokens.hash.slice(0, tokens.count);
        if (first === undefined) continue;
        const known = entries.get(first) ?? [];
        const same = known.find((entry) => entry.vocabulary === vocabulary && isSame(entry.rest, rest));
        if (same === undefined) known.push({ rest, vocabulary, roles: 1 << role });
        else same.roles |= 1 << role;
        entries.set(first, known);
      }
    });
  });
  return entries;
}

function add(at: number[], bits: number[], token: number, roles: number): void {
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
