import { createFeatures, EACH, FEATURES, featuresInto, idOf } from '../../../services/fingerprint/markers/features.ts';
import { wordHasher } from '../../../services/fingerprint/markers/weights.ts';
import { windowsOf } from '../../../services/fingerprint/markers/windows.ts';
import { maskInto } from '../../../services/fingerprint/mask.ts';
import { endsOf, HEAD, normalise, TAIL } from '../../../services/fingerprint/normalise.ts';
import { STEM_LETTERS } from '../../../services/fingerprint/scan-words.ts';
import { createTokens, spelling, TOKEN } from '../../../services/fingerprint/tokens.ts';
import { scanWords } from '../../../services/fingerprint/words.ts';

/** Any key does: features are written down by their names. */
const KEY = 1;
const LETTERS = /\p{L}/gu;

export interface PromptWindows {
  /** The features of every window of a prompt, each once. */
  of(text: string): number[][];
  /** Null for the few that cannot be read back from their spelling. */
  nameOf(feature: number): string | null;
}

/** Prompts as the product sees them, and what its features are called. */
export function createPromptWindows(): PromptWindows {
  const tokens = createTokens(HEAD + TAIL + 2);
  const features = createFeatures(HEAD + TAIL + 2, tokens.slots.hash.length);
  const names = new Map<number, string | null>();
  const words = new Map<number, string>();
  const oneWord = wordHasher(KEY);

  const nameAll = (): void => {
    const { ids, count } = features;
    const name = (place: number, text: () => string): void => {
      const id = ids[place] ?? 0;
      if (id === 0 || names.has(id)) return;
      const called = text();
      names.set(id, idOf(called, (word) => oneWord(word) ?? 0) === id ? called : null);
    };
    for (let at = 0; at < count; at++) {
      const place = at * EACH;
      name(place + FEATURES.word, () => spelling(tokens, at));
      name(place + FEATURES.stem, () => stemOf(spelling(tokens, at)));
      name(place + FEATURES.pair, () => `${spelling(tokens, at)} ${spelling(tokens, at + 1)}`);
      name(place + FEATURES.stemPair, () => `${part(at)} ${part(at + 1)}`);
    }
  };
  const part = (at: number): string => {
    const word = spelling(tokens, at);
    return tokens.kind[at] === TOKEN.word && tokens.stem[at] !== tokens.hash[at] ? stemOf(word) : word;
  };
  const nameSlots = (text: string): void => {
    let from = 0;
    for (const word of text.match(/\p{L}+/gu) ?? []) {
      from = text.indexOf(word, from);
      scanWords(
        text,
        from,
        from + word.length,
        KEY,
        (hash) => words.set(hash, word),
        () => undefined,
      );
    }
    let known = 0;
    for (let place = 0; place < tokens.slots.count; place++) {
      const hash = tokens.slots.hash[place] ?? 0;
      if (hash === 0) continue;
      const word = words.get(hash);
      if (word !== undefined && oneWord(word) === hash) names.set(features.slotIds[known] ?? 0, `{${word}`);
      known++;
    }
  };

  return {
    of(text) {
      const normalised = endsOf(normalise(text));
      maskInto(tokens, normalised, KEY);
      featuresInto(features, tokens);
      nameAll();
      nameSlots(normalised);
      const { count, ids, slots, slotIds, slotAt } = features;
      const windows: number[][] = [];
      for (const { from, to } of windowsOf(count)) {
        const seen = new Set(ids.subarray(from * EACH, to * EACH));
        for (let i = 0; i < slots; i++)
          if ((slotAt[i] ?? 0) >= from && (slotAt[i] ?? 0) < to) seen.add(slotIds[i] ?? 0);
        windows.push([...seen].filter((feature) => (names.get(feature) ?? null) !== null));
      }
      return windows;
    },
    nameOf: (feature) => names.get(feature) ?? null,
  };
}

function stemOf(word: string): string {
  return `${(word.match(LETTERS) ?? []).slice(0, STEM_LETTERS).join('')}-`;
}
