/**
 * Kafka's record (https://kafka.apache.org/documentation/#record), written and read in one pass over its bytes. kafkajs makes an encoder of 512 zeroed bytes for each
 * record, a list for each number in it and a 64-bit object for each offset: a seventh of what the calls step cost was allocating for it (a profile, 30 November). Its names and shapes, since kafkajs calls these in
 * place of its own; a record is the same byte for byte (test/stream/kafka/record-format.test.ts).
 */

type Bytes = Buffer | string | null | undefined;

export interface RecordToWrite {
  offsetDelta?: number;
  /** Milliseconds. */
  timestampDelta?: number;
  key?: Bytes;
  value?: Bytes;
  headers?: Readonly<Record<string, Bytes | readonly Bytes[]>>;
}

/** As much of kafkajs' encoder as a batch asks of its records. */
export interface WrittenRecord {
  buf: Buffer;
  buffer: Buffer;
}

export function writeRecord({
  offsetDelta = 0,
  timestampDelta = 0,
  key,
  value,
  headers = {},
}: RecordToWrite): WrittenRecord {
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((one: Bytes): [string, Bytes] => [name, one]),
  );
  const body =
    1 +
    sizeOfNumber(timestampDelta) +
    sizeOfNumber(offsetDelta) +
    sizeOfBytes(key) +
    sizeOfBytes(value) +
    sizeOfNumber(pairs.length) +
    pairs.reduce((size, [name, one]) => size + sizeOfBytes(name) + sizeOfBytes(one), 0);
  const bytes = Buffer.allocUnsafe(sizeOfNumber(body) + body);
  let at = writeNumber(bytes, 0, body);
  bytes[at++] = 0; // attributes: none are in use
  at = writeNumber(bytes, at, timestampDelta);
  at = writeNumber(bytes, at, offsetDelta);
  at = writeBytes(bytes, at, key);
  at = writeBytes(bytes, at, value);
  at = writeNumber(bytes, at, pairs.length);
  for (const [name, one] of pairs) at = writeBytes(bytes, writeBytes(bytes, at, name), one);
  return { buf: bytes, buffer: bytes };
}

/** A whole number that a double holds exactly, zig-zag, seven bits a byte. */
function writeNumber(bytes: Buffer, from: number, value: number): number {
  let at = from;
  let left = zigZag(value);
  while (left >= 0x80) {
    bytes[at++] = (left % 0x80) | 0x80;
    left = Math.floor(left / 0x80);
  }
  bytes[at++] = left;
  return at;
}

function zigZag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function sizeOfNumber(value: number): number {
  let size = 1;
  for (let left = zigZag(value); left >= 0x80; left = Math.floor(left / 0x80)) size++;
  return size;
}

function sizeOfBytes(value: Bytes): number {
  if (value === null || value === undefined) return 1;
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  return sizeOfNumber(length) + length;
}

function writeBytes(bytes: Buffer, from: number, value: Bytes): number {
  if (value === null || value === undefined) return writeNumber(bytes, from, -1);
  if (typeof value === 'string') {
    const at = writeNumber(bytes, from, Buffer.byteLength(value));
    return at + bytes.write(value, at);
  }
  const at = writeNumber(bytes, from, value.length);
  bytes.set(value, at);
  return at + value.length;
}

/** What kafkajs knows of the batch that a record is in. */
export interface BatchContext {
  firstOffset: string;
  firstTimestamp: string;
  maxTimestamp: string;
  /** 0: set by whoever wrote it; 1: by the broker, for all of the batch. */
  timestampType: number;
  magicByte: number;
  isControlBatch: boolean;
}

export interface ReadRecord<Context> {
  magicByte: number;
  attributes: number;
  timestamp: string;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | null | (Buffer | null)[]>;
  isControlRecord: boolean;
  batchContext: Context;
}

const BY_THE_BROKER = 1;

/** `decoder`: kafkajs' own, whose buffer is the record without its length. */
export function readRecord<Context extends BatchContext>(
  decoder: { buffer: Buffer },
  batchContext: Context,
): ReadRecord<Context> {
  const { firstOffset, firstTimestamp, maxTimestamp, timestampType, magicByte, isControlBatch } = batchContext;
  const bytes = new RecordReader(decoder.buffer);
  const attributes = bytes.int8();
  const timestampDelta = bytes.long();
  const offsetDelta = bytes.number();
  const key = bytes.bytes();
  const value = bytes.bytes();
  return {
    magicByte,
    attributes,
    timestamp: timestampType === BY_THE_BROKER ? maxTimestamp : plus(firstTimestamp, timestampDelta),
    offset: plus(firstOffset, offsetDelta),
    key,
    value,
    headers: bytes.headers(),
    isControlRecord: isControlBatch,
    batchContext,
  };
}

/** 64-bit numbers travel as text; nearly all of them fit into a double. */
function plus(base: string, delta: number | bigint): string {
  const sum = typeof delta === 'number' ? Number(base) + delta : Number.NaN;
  return Number.isSafeInteger(sum) ? String(sum) : BigInt.asIntN(64, BigInt(base) + BigInt(delta)).toString();
}

/** From the first byte on, once. */
class RecordReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#at++);
  }

  /** Up to 49 bits. */
  number(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** 64 bits, as a bigint where a double might not hold them. */
  long(): number | bigint {
    const from = this.#at;
    while (this.#byte() >= 0x80);
    const until = this.#at;
    this.#at = from;
    if (until - from <= MOST_OF_A_DOUBLE) return this.number();
    let value = 0n;
    for (let place = 0n; this.#at < until; place += 7n) value |= BigInt(this.#byte() & 0x7f) << place;
    return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
  }

  bytes(): Buffer | null {
    const length = this.number();
    if (length < 0) return null;
    const from = this.#at;
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }

  /** Names are the sender's: none of them may reach a prototype. */
  headers(): ReadRecord<unknown>['headers'] {
    let headers: ReadRecord<unknown>['headers'] = {};
    for (let left = this.number(); left > 0; left--) {
      const name = String(this.bytes());
      const value = this.bytes();
      const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
      headers = { ...headers, [name]: known === undefined ? value : [known, value].flat() };
    }
    return headers;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('a record ends in the middle of a number');
    return byte;
  }
}

/** Bytes of seven bits each. */
const MOST_OF_A_DOUBLE = 7;
