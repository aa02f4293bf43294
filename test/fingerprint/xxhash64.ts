const MASK = (1n << 64n) - 1n;
const [P1, P2, P3, P4] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n, 0x85ebca77c2b2ae63n];

const rotated = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & MASK;
const round = (lane: bigint, input: bigint): bigint => (rotated((lane + input * P2) & MASK, 31n) * P1) & MASK;
const avalanche = (hash: bigint): bigint => {
  const second = ((hash ^ (hash >> 33n)) * P2) & MASK;
  const third = ((second ^ (second >> 29n)) * P3) & MASK;
  return third ^ (third >> 32n);
};

/** XXH64 of a text whose bytes are a multiple of 32: enough to show what is wrong with it as a keyed hash. */
export function xxhash64(text: string, seed: bigint): bigint {
  const bytes = Buffer.from(text);
  if (bytes.length === 0 || bytes.length % 32 !== 0) throw new RangeError(`${bytes.length} bytes`);
  const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1].map((lane) => lane & MASK);
  for (let at = 0; at < bytes.length; at += 8) {
    const place = (at / 8) % 4;
    lanes[place] = round(lanes[place] ?? 0n, bytes.readBigUInt64LE(at));
  }
  const turns = [1n, 7n, 12n, 18n];
  let hash = lanes.reduce((sum, lane, place) => sum + rotated(lane, turns[place] ?? 0n), 0n) & MASK;
  for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  return avalanche((hash + BigInt(bytes.length)) & MASK);
}
