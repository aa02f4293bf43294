/** What a gateway needs to send `prompt_fingerprint` instead of text: depends on nothing else of this project. */

export { decodeFingerprint, encodeFingerprint } from './binary.ts';
export { CATEGORIES, type Category } from './categories.ts';
export { createFingerprinter, type Fingerprinter } from './fingerprint.ts';
export { createHasher, type Hasher, type PreviousKey } from './hasher.ts';
export { MARKER_BITS, markerNames } from './markers/all.ts';
export type { PromptFingerprint } from './prompt-fingerprint.ts';
export { isNonLatin, SCRIPTS, type Script } from './script.ts';
