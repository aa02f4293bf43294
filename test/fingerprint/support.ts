import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import type { PromptFingerprint } from '../../services/fingerprint/prompt-fingerprint.ts';

export const hasher = createHasher('test');
export const { fingerprint } = createFingerprinter(hasher);

/** Similar as `bands` means it: one value at the same place. */
export function meet(a: PromptFingerprint, b: PromptFingerprint): boolean {
  return a.bands.some((band, place) => band === b.bands[place]);
}
