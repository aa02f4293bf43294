import { createHash, hash } from 'node:crypto';

/**
 * Keyed hashing of texts: the key keeps an attacker from choosing values that collide in a sketch, and makes what is stored useless without it.
 *
 * SHA-256 over the key, which fills its first block, and the text, cut to what is kept. A fast hash with a secret seed will not do: for xxHash anybody can write down
 * pairs of texts that collide under every seed (test/fingerprint/hasher.test.ts does), and so as many prompts as he likes that count as one. It costs
 * a quarter of a microsecond more a text. Short values that must resist guessing (payment, device) arrive already hashed by the gateway (the contract).
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

/** All that a hasher is made of. */
export interface HasherKeys {
  key: string;
  previous: PreviousKey | null;
}

/**
 * The same key gives the same hashes in every process: detector and gateways must share it.
 *
 * Keys change at a moment of event time, not when a process is restarted: an event is hashed by the key of its own time, whenever and wherever that is done. So
 * a call that is sent again is still recognised, a replay gives the same rows, and no window mixes hashes of two keys when the moment is a midnight (UTC).
 */
export function createHasher(key: string, previous: PreviousKey | null = null): Hasher {
  const hasherOf = (own: string, at: (self: Hasher, time: number) => Hasher): Hasher => {
    // As many characters as a block of SHA-256 has bytes.
    const block = createHash('sha256').update(own).digest('hex');
    const digest = (text: string): string => hash('sha256', block + text, 'hex');
    const self: Hasher = {
      hash32: (text) => Number.parseInt(digest(text).slice(0, 8), 16),
      hash64: (text) => digest(text).slice(0, 16),
      at: (time) => at(self, time),
    };
    return self;
  };
  if (previous === null) return hasherOf(key, (self) => self);
  const older = hasherOf(previous.key, (_, time) => (time < previous.until ? older : newer));
  const newer = hasherOf(key, (_, time) => (time < previous.until ? older : newer));
  return newer;
}

/** What is made of a hasher, once for each: one key, or two around a change of keys. */
export function perHasher<Made>(make: (hasher: Hasher) => Made): (hasher: Hasher) => Made {
  const made = new Map<Hasher, Made>();
  return (hasher) => {
    const known = made.get(hasher);
    if (known !== undefined) return known;
    const first = make(hasher);
    made.set(hasher, first);
    return first;
  };
}
