import type { Tokens } from '../tokens.ts';
import type { WordFinder } from './lexicon.ts';
import { createFindings, type Marker } from './marker.ts';

export type MarkerFinder = (tokens: Tokens) => number;

/** Reads what `words` has found for the lexicons of these markers, which come first among its lexicons and in this order. */
export function createMarkerFinder(markers: readonly Marker[], words: WordFinder): MarkerFinder {
  let current: Tokens | undefined;
  const readers = markers.flatMap((marker, i) => {
    const occurrences = words.occurrences[i];
    if (occurrences === undefined) return [];
    const tokens = (): Tokens => {
      if (current === undefined) throw new Error('no prompt yet');
      return current;
    };
    return [{ marker, occurrences, findings: createFindings(occurrences, tokens) }];
  });
  return (tokens) => {
    current = tokens;
    let bits = 0;
    for (const { marker, occurrences, findings } of readers)
      if ((occurrences.present !== 0 || occurrences.slotAt.length > 0) && marker.asks(findings)) bits |= marker.bit;
    return bits;
  };
}
