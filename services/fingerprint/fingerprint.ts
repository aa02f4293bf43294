import { bandsOf, COMMON_WORDS } from './bands.ts';
import { createCategorise } from './category.ts';
import { type Hasher, perHasher } from './hasher.ts';
import { MARKER_BITS } from './markers/all.ts';
import { createFeatures } from './markers/features.ts';
import { createMarkerFinder } from './markers/finder.ts';
import { compileWeights, type NamedWeights, readWeights } from './markers/weights.ts';
import { maskInto } from './mask.ts';
import { endsOf, evenSpace, HEAD, normalise, TAIL } from './normalise.ts';
import { type PromptFingerprint, VERSION } from './prompt-fingerprint.ts';
import { dominantScript } from './script.ts';
import { templateIdentity } from './template.ts';
import { createTokens } from './tokens.ts';

export { decodeFingerprint, encodeFingerprint } from './binary.ts';
export type { PromptFingerprint } from './prompt-fingerprint.ts';

export interface Fingerprinter {
  /** Any string, also with lone surrogates. The same key and text give the same fingerprint in every process. */
  fingerprint(text: string): PromptFingerprint;
  /** The one for what happened at this time of events (see Hasher). */
  at(time: number): Fingerprinter;
}

/** One for each key that `hasher` knows, made when it is first needed. */
export function createFingerprinter(hasher: Hasher): Fingerprinter {
  const weights = readWeights();
  const of: (one: Hasher) => Fingerprinter = perHasher((one) =>
    fingerprinterOf(one, weights, (time) => of(one.at(time))),
  );
  return of(hasher);
}

function fingerprinterOf(hasher: Hasher, weights: NamedWeights, at: (time: number) => Fingerprinter): Fingerprinter {
  const key = hasher.hash32('words') | 0;
  const tokens = createTokens(HEAD + TAIL + 2);
  maskInto(tokens, COMMON_WORDS, key);
  const common: ReadonlySet<number> = new Set(tokens.hash.slice(0, tokens.count));
  const findMarkers = createMarkerFinder(
    compileWeights(weights, key),
    Object.values(MARKER_BITS),
    createFeatures(HEAD + TAIL + 2, tokens.slots.hash.length),
  );
  const categorise = createCategorise(key);
  return {
    at,
    fingerprint(text) {
      const normalised = normalise(text);
      const filling = hasher.hash64(evenSpace(normalised));
      maskInto(tokens, endsOf(normalised), key);
      const markers = findMarkers(tokens);
      const script = dominantScript(normalised);
      return {
        version: VERSION,
        template: hasher.hash64(templateIdentity(tokens)),
        filling,
        bands: bandsOf(tokens, key, Number.parseInt(filling.slice(0, 8), 16), common),
        markers,
        category: categorise(tokens, markers, script),
        script,
        length: text.length,
      };
    },
  };
}
