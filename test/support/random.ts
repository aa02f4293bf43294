/** A small seeded generator for tests (mulberry32, public domain, Tommy Ettinger): the seed is printed, so that a failure can be had again. */
export interface SeededRandom {
  /** 0 <= x < 1. */
  next(): number;
  /** A whole number, 0 <= x < limit. */
  below(limit: number): number;
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, below: (limit) => Math.floor(next() * limit) };
}
