/** Holds where none is set, so that everything can be tried at once. It is in the sources, so it is no secret. */
export const DEVELOPMENT_KEY = 'stillwatch-development-key';

/** As many as guessing must never get through. */
const WANTED_BITS = 128;
/** A random key of that many bits has more, whatever it is written with. */
const FEWEST_DIFFERENT = 6;

/** What keys are written with, and how many characters that has. */
const ALPHABETS: readonly (readonly [RegExp, number])[] = [
  [/^\d*$/, 10],
  [/^[\da-f]*$|^[\dA-F]*$/, 16],
  [/^[a-z]*$|^[A-Z]*$/, 26],
  [/^[\da-z]*$|^[\dA-Z]*$/, 36],
  [/^[\w+/=-]*$/, 64],
];
const PRINTABLE = 95;

export interface KeyWeakness {
  what: string;
  mend: string;
}

/**
 * Why a hashing key protects less than it should; null: nothing that can be seen. Says nothing of what is in it.
 *
 * What counts is how many keys there could be of that length, written with such characters: 16 random bytes are 22 characters of base64, 32 of hex. It is the
 * most that a key can hold. That one was made at random nobody can see, so this refuses nothing and finds only what is plainly too weak.
 */
export function weaknessOf(key: string): KeyWeakness | null {
  const what = weakness(key);
  if (what === null) return null;
  return {
    what,
    mend: 'make a key with `openssl rand -base64 32` and set hashing.key_file to it, the same for calls, links and every gateway; where there is data already it is changed at a midnight: infra/security/README.md, Hashing key',
  };
}

function weakness(key: string): string | null {
  if (key === DEVELOPMENT_KEY)
    return "hashing.key is the one in stillwatch's sources, which everybody knows: what is stored can be guessed";
  const [, size] = ALPHABETS.find(([written]) => written.test(key)) ?? [null, PRINTABLE];
  if (key.length * Math.log2(size) < WANTED_BITS || new Set(key).size < FEWEST_DIFFERENT)
    return `hashing.key cannot have ${WANTED_BITS} bits: it is too short for what it is written with`;
  return null;
}
