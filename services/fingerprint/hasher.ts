import { createHash } from 'node:crypto';
import xxhash from 'xxhash-wasm';

/**
 * Keyed hashing of short texts: the key keeps an attacker from choosing values that collide in a sketch, and makes what is stored useless without it.
 * xxHash is fast and well spread, not a MAC: values that must resist guessing (payment, device) arrive already hashed by the gateway (the contract).
 */
export interface Hasher {
  /** 32 bits, unsigned. */
  hash32(text: string): number;
  /** 64 bits as 16 hex digits. */
  hash64(text: string): string;
}

/** The same key gives the same hashes in every process: detector and gateways must share it. */
export async function createHasher(key: string): Promise<Hasher> {
  const { h32, h64 } = await xxhash();
  const digest = createHash('sha256').update(key).digest();
  const seed32 = digest.readUInt32LE(0);
  const seed64 = digest.readBigUInt64LE(8);
  return {
    hash32: (text) => h32(text, seed32),
    hash64: (text) => h64(text, seed64).toString(16).padStart(16, '0'),
  };
}
