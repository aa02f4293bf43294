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
  /** The one for what happened at this time of events: itself, but for what is older than a change of keys. */
  at(time: number): Hasher;
}

/** The key before this one, and the time of events until which it holds. */
export interface PreviousKey {
  key: string;
  until: number;
}

/**
 * The same key gives the same hashes in every process: detector and gateways must share it.
 *
 * Keys change at a moment of event time, not when a process is restarted: an event is hashed by the key of its own time, whenever and wherever that is done. So
 * a call that is sent again is still recognised, a replay gives the same rows, and no window mixes hashes of two keys when the moment is a midnight (UTC).
 */
export async function createHasher(key: string, previous: PreviousKey | null = null): Promise<Hasher> {
  const { h32, h64 } = await xxhash();
  const hasherOf = (own: string, at: (self: Hasher, time: number) => Hasher): Hasher => {
    const digest = createHash('sha256').update(own).digest();
    const seed32 = digest.readUInt32LE(0);
    const seed64 = digest.readBigUInt64LE(8);
    const self: Hasher = {
      hash32: (text) => h32(text, seed32),
      hash64: (text) => h64(text, seed64).toString(16).padStart(16, '0'),
      at: (time) => at(self, time),
    };
    return self;
  };
  if (previous === null) return hasherOf(key, (self) => self);
  const older = hasherOf(previous.key, (_, time) => (time < previous.until ? older : newer));
  const newer = hasherOf(key, (_, time) => (time < previous.until ? older : newer));
  return newer;
}
