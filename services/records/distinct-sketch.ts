/**
 * How many different values were seen: exact up to 64, then HyperLogLog (Flajolet et al., 2007) with 1,024 registers: standard error
 * 1.04 / sqrt(1024) = 3.3 %, which is enough for ratios that are compared with percentiles, in 1 KiB.
 * Adding and merging commute and associate to the last bit, so a window is the same however its calls were ordered and partitioned. Plain data.
 * Most accounts see one value or a handful: a sketch of one value is a number (40 bytes instead of 96), one of n <= 64 values an array of n numbers.
 */
export interface DistinctSketch {
  /**
   * A single hash as a signed 32-bit number, which V8 keeps without a box; else distinct hashes, unsigned and ascending; empty once `registers` is there.
   * Never changed in place, so sketches may share one.
   */
  sparse: number | readonly number[];
  registers: Uint8Array | null;
}

const MOST_SPARSE = 64;
const PRECISION = 10;
const REGISTERS = 1 << PRECISION;
/** Bits of a hash that do not choose the register; a rank is at most one more. */
const RANKED_BITS = 32 - PRECISION;
/** Bias correction of the 2007 paper for m >= 128. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
/** Shared by all empty sketches. */
const NOTHING: readonly number[] = [];

export function createSketch(): DistinctSketch {
  return { sparse: NOTHING, registers: null };
}

/** `hash`: 32 uniformly distributed bits. */
export function addHash(sketch: DistinctSketch, hash: number): void {
  const value = hash >>> 0;
  if (sketch.registers !== null) {
    addToRegisters(sketch.registers, value);
    return;
  }
  const { sparse } = sketch;
  if (typeof sparse === 'number') {
    const known = sparse >>> 0;
    if (known !== value) sketch.sparse = known < value ? [known, value] : [value, known];
    return;
  }
  if (sparse.length === 0) {
    sketch.sparse = value | 0;
    return;
  }
  const place = lowerBound(sparse, value);
  if (sparse[place] === value) return;
  sketch.sparse = sparse.toSpliced(place, 0, value);
  if (sketch.sparse.length > MOST_SPARSE) makeDense(sketch);
}

export function mergeSketch(into: DistinctSketch, from: DistinctSketch): void {
  if (from.registers === null) {
    if (isEmpty(into)) into.sparse = from.sparse;
    else if (typeof from.sparse === 'number') addHash(into, from.sparse);
    else for (const hash of from.sparse) addHash(into, hash);
    return;
  }
  const registers = into.registers ?? makeDense(into);
  for (let i = 0; i < REGISTERS; i++) {
    const rank = from.registers[i] ?? 0;
    if (rank > (registers[i] ?? 0)) registers[i] = rank;
  }
}

function isEmpty({ sparse, registers }: DistinctSketch): boolean {
  return registers === null && typeof sparse !== 'number' && sparse.length === 0;
}

/** Number of distinct values, a whole number. Exact while sparse. */
export function estimate(sketch: DistinctSketch): number {
  if (sketch.registers === null) return typeof sketch.sparse === 'number' ? 1 : sketch.sparse.length;
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
const HEADER = 2;

/** Bytes that are not a sketch of a version this code knows. */
export class MalformedSketchError extends Error {
  constructor(what: string) {
    super(`malformed distinct sketch: ${what}`);
    this.name = 'MalformedSketchError';
  }
}

/** One byte version, one byte form, then the hashes (big-endian) or the registers. */
export function encodeSketch(sketch: DistinctSketch): Buffer {
  return Buffer.from(createSketchWriter()(sketch));
}

/** The same, where the bytes need be good until the next call only: a window is nine sketches, most of one value or none, and a Buffer each weighs more than they do. */
export function createSketchWriter(): (sketch: DistinctSketch) => Buffer {
  const nothing = Buffer.of(VERSION, SPARSE);
  const single = Buffer.of(VERSION, SPARSE, 0, 0, 0, 0);
  return (sketch) => {
    if (sketch.registers !== null) return Buffer.concat([Buffer.of(VERSION, DENSE), sketch.registers]);
    if (isEmpty(sketch)) return nothing;
    if (typeof sketch.sparse === 'number') {
      single.writeInt32BE(sketch.sparse, HEADER);
      return single;
    }
    const { sparse } = sketch;
    const bytes = Buffer.allocUnsafe(HEADER + 4 * sparse.length);
    bytes[0] = VERSION;
    bytes[1] = SPARSE;
    for (let i = 0; i < sparse.length; i++) bytes.writeUInt32BE(sparse[i] ?? 0, HEADER + 4 * i);
    return bytes;
  };
}

/** Throws MalformedSketchError. Everything that later code relies on is checked here, since a sketch comes from a topic. */
export function decodeSketch(bytes: Uint8Array): DistinctSketch {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEADER) throw new MalformedSketchError(`${buffer.length} bytes`);
  if (buffer[0] !== VERSION) throw new MalformedSketchError(`version ${buffer[0]}, expected ${VERSION}`);
  if (buffer[1] === DENSE) return { sparse: NOTHING, registers: decodeRegisters(buffer.subarray(HEADER)) };
  if (buffer[1] === SPARSE) return { sparse: decodeHashes(buffer.subarray(HEADER)), registers: null };
  throw new MalformedSketchError(`form ${buffer[1]}`);
}

function decodeRegisters(body: Buffer): Uint8Array {
  if (body.length !== REGISTERS) throw new MalformedSketchError(`${body.length} registers, expected ${REGISTERS}`);
  for (const rank of body) if (rank > RANKED_BITS + 1) throw new MalformedSketchError(`a register of ${rank}`);
  return Uint8Array.from(body);
}

function decodeHashes(body: Buffer): DistinctSketch['sparse'] {
  if (body.length === 0) return NOTHING;
  if (body.length === 4) return body.readInt32BE(0);
  if (body.length % 4 !== 0 || body.length > 4 * MOST_SPARSE)
    throw new MalformedSketchError(`hashes of ${body.length} bytes`);
  const hashes: number[] = [];
  let last = -1;
  for (let at = 0; at < body.length; at += 4) {
    const hash = body.readUInt32BE(at);
    if (hash <= last) throw new MalformedSketchError('hashes out of order');
    hashes.push(hash);
    last = hash;
  }
  return hashes;
}

function makeDense(sketch: DistinctSketch): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  for (const hash of hashesOf(sketch)) addToRegisters(registers, hash);
  sketch.registers = registers;
  sketch.sparse = NOTHING;
  return registers;
}

/** Unsigned and ascending. */
function hashesOf({ sparse }: DistinctSketch): readonly number[] {
  return typeof sparse === 'number' ? [sparse >>> 0] : sparse;
}

function addToRegisters(registers: Uint8Array, hash: number): void {
  const index = hash >>> RANKED_BITS;
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
