import { maskInto } from '../mask.ts';
import { createTokens, type Tokens } from '../tokens.ts';
import { createFindings, type Marker, type Occurrences } from './marker.ts';

/** A word or phrase with its role. */
interface Entry {
  /** Hashes of the words after the first. */
  rest: readonly number[];
  marker: number;
  role: number;
}

const NONE: readonly Entry[] = [];

/** Low bits of a hash: a table look-up spares most words the map. */
const FILTER = 0xffff;

export type MarkerFinder = (tokens: Tokens) => number;

/**
 * Looks for the words of all markers at once, by the keyed hashes that masking has computed anyway: one look-up a word. (Two words share a 32-bit hash
 * once in 4e9: with some 500 entries, one word in 10 million is taken for another.) Phrases are cut into words by the same scanner that cuts prompts.
 */
export function createMarkerFinder(markers: readonly Marker[], key: number): MarkerFinder {
  const entries = compile(markers, key);
  const mayBeEntry = new Uint8Array(FILTER + 1);
  for (const word of entries.keys()) mayBeEntry[word & FILTER] = 1;
  // Scratch space, reused for each prompt.
  let current = createTokens(0);
  const found = markers.map((marker) => {
    const occurrences: Occurrences = {
      roles: new Map(Object.keys(marker.lexicon).map((role, i) => [role, i])),
      present: 0,
      at: [],
      role: [],
    };
    return { marker, occurrences, findings: createFindings(occurrences, () => current) };
  });
  return (tokens) => {
    current = tokens;
    for (const { occurrences } of found) {
      occurrences.present = 0;
      occurrences.at.length = 0;
      occurrences.role.length = 0;
    }
    const { hash, count } = tokens;
    for (let at = 0; at < count; at++) {
      const word = hash[at] ?? 0;
      if (!mayBeEntry[word & FILTER]) continue;
      for (const { rest, marker, role } of entries.get(word) ?? NONE) {
        const occurrences = found[marker]?.occurrences;
        if (occurrences === undefined || !follows(tokens, at, rest)) continue;
        occurrences.present |= 1 << role;
        occurrences.at.push(at);
        occurrences.role.push(role);
      }
    }
    let bits = 0;
    for (const { marker, occurrences, findings } of found)
      if (occurrences.present !== 0 && marker.asks(findings)) bits |= marker.bit;
    return bits;
  };
}

function compile(markers: readonly Marker[], key: number): ReadonlyMap<number, Entry[]> {
  const entries = new Map<number, Entry[]>();
  const tokens = createTokens(64);
  markers.forEach(({ lexicon }, marker) => {
    Object.values(lexicon).forEach((phrases, role) => {
      for (const phrase of phrases.split('|')) {
        maskInto(tokens, phrase, key);
        const [first, ...rest] = tokens.hash.slice(0, tokens.count);
        if (first === undefined) continue;
        const known = entries.get(first) ?? [];
        known.push({ rest, marker, role });
        entries.set(first, known);
      }
    });
  });
  return entries;
}

function follows({ hash, sentence, count }: Tokens, at: number, rest: readonly number[]): boolean {
  if (at + rest.length >= count) return rest.length === 0;
  for (let i = 0; i < rest.length; i++)
    if (hash[at + 1 + i] !== rest[i] || sentence[at + 1 + i] !== sentence[at]) return false;
  return true;
}
