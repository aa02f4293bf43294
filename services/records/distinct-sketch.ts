/**
 * How many different values were seen: exact up to 64, then HyperLogLog (Flajolet et al., 2007) with 1,024 registers: standard error 1.04 / sqrt(1024) = 3.3 %.
 * Adding and merging commute and associate to the last bit, so a window is the same however its calls were ordered and partitioned. Plain data.
 * Most accounts see a handful of values: a sketch of n <= 64 values is an array of n numbers.
 */
export interface DistinctSketch {
  /** Distinct 32-bit hashes, ascending; empty once `registers` is there. */
  sparse: number[];
  registers: Uint8Array | null;
}

const MOST_SPARSE = 64;
const PRECISION = 10;
const REGISTERS = 1 << PRECISION;
/** Bias correction of the 2007 paper for m >= 128. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

export function createSketch(): DistinctSketch {
  return { sparse: [], registers: null };
}

/** `hash`: 32 uniformly distributed bits. */
export function addHash(sketch: DistinctSketch, hash: number): void {
  const value = hash >>> 0;
  if (sketch.registers !== null) {
    addToRegisters(sketch.registers, value);
    return;
  }
  const place = lowerBound(sketch.sparse, value);
  if (sketch.sparse[place] === value) return;
  sketch.sparse.splice(place, 0, value);
  if (sketch.sparse.length > MOST_SPARSE) makeDense(sketch);
}

export function mergeSketch(into: DistinctSketch, from: DistinctSketch): void {
  if (from.registers === null) {
    for (const hash of from.sparse) addHash(into, hash);
    return;
  }
  if (into.registers === null) makeDense(into);
  const registers = into.registers;
  if (registers === null) return;
  for (let i = 0; i < REGISTERS; i++) {
    const rank = from.registers[i] ?? 0;
    if (rank > (registers[i] ?? 0)) registers[i] = rank;
  }
}

/** Exact while sparse. */
export function estimate(sketch: DistinctSketch): number {
  if (sketch.registers === null) return sketch.sparse.length;
  let sum = 0;
  let zeros = 0;
  for (const rank of sketch.registers) {
    sum += 2 ** -rank;
    if (rank === 0) zeros++;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
  // Linear counting where it is the better estimator (the paper's small range correction).
  const count = raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw;
  return Math.round(count);
}

const VERSION = 1;
const SPARSE = 0;
const DENSE = 1;

/** One byte version, one byte form, then the hashes (big-endian) or the registers. */
export function encodeSketch(sketch: DistinctSketch): Buffer {
  if (sketch.registers !== null) return Buffer.concat([Buffer.of(VERSION, DENSE), sketch.registers]);
  const bytes = Buffer.alloc(2 + 4 * sketch.sparse.length);
  bytes[0] = VERSION;
  bytes[1] = SPARSE;
  for (const [i, hash] of sketch.sparse.entries()) bytes.writeUInt32BE(hash, 2 + 4 * i);
  return bytes;
}

export function decodeSketch(bytes: Uint8Array): DistinctSketch {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] !== VERSION) throw new Error(`distinct sketch of version ${buffer[0]}, expected ${VERSION}`);
  if (buffer[1] === DENSE && buffer.length === 2 + REGISTERS)
    return { sparse: [], registers: Uint8Array.from(buffer.subarray(2)) };
  if (buffer[1] !== SPARSE || (buffer.length - 2) % 4 !== 0 || buffer.length > 2 + 4 * MOST_SPARSE)
    throw new Error(`malformed distinct sketch of ${buffer.length} bytes`);
  const sparse: number[] = [];
  for (let at = 2; at < buffer.length; at += 4) sparse.push(buffer.readUInt32BE(at));
  return { sparse, registers: null };
}

function makeDense(sketch: DistinctSketch): void {
  const registers = new Uint8Array(REGISTERS);
  for (const hash of sketch.sparse) addToRegisters(registers, hash);
  sketch.registers = registers;
  sketch.sparse = [];
}

function addToRegisters(registers: Uint8Array, hash: number): void {
  const index = hash >>> (32 - PRECISION);
  // Position of the first 1 in the remaining 22 bits; a sentinel ends it when there is none.
  const rank = Math.clz32((hash << PRECISION) | (1 << (PRECISION - 1))) + 1;
  if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
