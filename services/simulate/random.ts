/**
 * Seeded random numbers. xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (public domain,
 * https://prng.di.unimi.it/xoshiro128starstar.c); its four words are filled by MurmurHash3's 32-bit mixing of the seed text
 * (Austin Appleby, public domain). 32-bit words because they are fast integers in V8.
 */
export interface Random {
  /** 0 .. 2^32-1. */
  uint32(): number;
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  chance(probability: number): boolean;
  /** Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** Lower-case hex text of `digits` characters. */
  hex(digits: number): string;
  /** An independent generator that depends on this one's seed and the label only, never on how many numbers were drawn. */
  fork(label: string | number): Random;
}

/** MurmurHash3's finalizer: a bijection on 32-bit words. */
export function mix32(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** MurmurHash3 (x86, 32 bits, one character a block). */
export function hash32(text: string, seed: number): number {
  let h = seed >>> 0;
  for (let i = 0; i < text.length; i += 1) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h ^= k;
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) >>> 0;
  }
  return mix32(h ^ text.length);
}

// A class inside, so that hundreds of thousands of generators share their methods.
class Xoshiro128 implements Random {
  readonly #path: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(path: string) {
    this.#path = path;
    this.#a = hash32(path, 0x9e3779b9);
    this.#b = hash32(path, 0x243f6a88);
    this.#c = hash32(path, 0xb7e15162);
    // The all-zero state is the generator's only fixed point.
    this.#d = hash32(path, 0x5bd1e995) | 1;
  }

  uint32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  next(): number {
    return this.uint32() / 4_294_967_296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new RangeError('pick: the list is empty');
    return item;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.uint32().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  fork(label: string | number): Random {
    return new Xoshiro128(`${this.#path}/${label}`);
  }
}

export function createRandom(seed: number | string): Random {
  return new Xoshiro128(String(seed));
}
