import type { Hasher } from '../fingerprint/hasher.ts';
import { cached } from './cached.ts';

/** Keyed hashes of what comes again, remembered. */
export interface Hashes {
  hash32(text: string): number;
  hash64(text: string): string;
  /** A value as it may travel: as it is, or its hash where it is longer than LONGEST_VALUE. The wire allows 1,024 characters. */
  bounded(value: string): string;
}

const LONGEST_VALUE = 64;

export function createHashes(hasher: Hasher): Hashes {
  const hash64 = cached((text) => hasher.hash64(text));
  return {
    hash32: cached((text) => hasher.hash32(text)),
    hash64,
    bounded: (value) => (value.length <= LONGEST_VALUE ? value : hash64(value)),
  };
}

/** The first 32 bits of a `hash64`. */
export function upperHalf(hash64: string): number {
  return Number.parseInt(hash64.slice(0, 8), 16);
}
