import { SECTIONS } from './checkpoint.ts';
import { copy, type RowPlace, RowSection } from './row-section.ts';

/**
 * Rows of bytes by key, outside the JavaScript heap: a row costs its bytes and some 20 more, where a Map entry with an object costs hundreds, and the garbage
 * collector never looks at it. A Map also ends at 2^24 keys. Held in sections, so that one can be written, replaced or compacted by itself.
 */
export interface RowStore {
  readonly size: number;
  has(key: string): boolean;
  /** Where the row is, until the next change; null when there is none. */
  find(key: string): RowPlace | null;
  put(key: string, value: Uint8Array): void;
  delete(key: string): boolean;
  keys(section: number): Generator<string>;
  /** The rows of a section in blocks that `load` takes. */
  blocks(section: number): Generator<Buffer>;
  /** Rows of these keys in the same form. Keys without a row are left out. */
  blocksOf(keys: Iterable<string>): Generator<Buffer>;
  load(block: Uint8Array): void;
  clear(section: number): void;
  sectionOf(key: string): number;
}

const BLOCK = 64 * 1024;
/** Most slices of small states are smaller than this. */
const FIRST_BLOCK = 1024;
const BLOCK_HEAD = 8;
/** FNV-1a over UTF-8. */
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

export function createRowStore(): RowStore {
  const spare: Buffer[] = [];
  const sections = Array.from({ length: SECTIONS }, () => new RowSection(spare));
  let scratch = Buffer.alloc(256);

  /** The key as UTF-8 at the start of `scratch`. */
  const keyed = (key: string): { hash: number; bytes: Buffer; length: number } => {
    if (scratch.length < 3 * key.length) scratch = Buffer.alloc(6 * key.length);
    let hash = HASH_START;
    for (let i = 0; i < key.length; i++) {
      const unit = key.charCodeAt(i);
      if (unit >= 0x80) {
        const length = scratch.write(key);
        return { hash: hashBytes(scratch, 0, length), bytes: scratch, length };
      }
      scratch[i] = unit;
      hash = Math.imul(hash ^ unit, HASH_FACTOR);
    }
    return { hash: hash >>> 0, bytes: scratch, length: key.length };
  };
  const at = (number: number): RowSection => {
    const section = sections[number % SECTIONS];
    if (section === undefined) throw new RangeError('no such section');
    return section;
  };
  return {
    get size() {
      return sections.reduce((sum, section) => sum + section.size, 0);
    },
    has(key) {
      const { hash, bytes, length } = keyed(key);
      return at(hash).find(hash, bytes, 0, length) !== -1;
    },
    find(key) {
      const { hash, bytes, length } = keyed(key);
      const section = at(hash);
      const slot = section.find(hash, bytes, 0, length);
      return slot === -1 ? null : section.row(slot);
    },
    put(key, value) {
      const { hash, bytes, length } = keyed(key);
      at(hash).put(hash, bytes, 0, length, value, 0, value.length);
    },
    delete(key) {
      const { hash, bytes, length } = keyed(key);
      return at(hash).delete(hash, bytes, 0, length);
    },
    *keys(section) {
      for (const { slab, key, value } of at(section).rows()) yield slab.toString('utf8', key, value);
    },
    *blocks(section) {
      yield* inBlocks(at(section).rows());
    },
    *blocksOf(keys) {
      yield* inBlocks(
        (function* () {
          for (const key of keys) {
            const { hash, bytes, length } = keyed(key);
            const section = at(hash);
            const slot = section.find(hash, bytes, 0, length);
            if (slot !== -1) yield section.row(slot);
          }
        })(),
      );
    },
    load(block) {
      const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
      for (let from = 0; from < bytes.length; ) {
        const keyLength = bytes.readUInt32LE(from);
        const valueLength = bytes.readUInt32LE(from + 4);
        const key = from + 8;
        const value = key + keyLength;
        from = value + valueLength;
        const hash = hashBytes(bytes, key, value);
        at(hash).put(hash, bytes, key, keyLength, bytes, value, valueLength);
      }
    },
    clear(section) {
      sections[section] = new RowSection(spare);
    },
    sectionOf: (key) => keyed(key).hash % SECTIONS,
  };
}

function hashBytes(bytes: Buffer, from: number, until: number): number {
  let hash = HASH_START;
  for (let i = from; i < until; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), HASH_FACTOR);
  return hash >>> 0;
}

/** Lengths of key and value, key, value, of each row; copied, since rows may move before the block is used. */
function* inBlocks(rows: Iterable<RowPlace>): Generator<Buffer> {
  let block = Buffer.alloc(0);
  let size = FIRST_BLOCK;
  let end = 0;
  for (const { slab, key, value, until } of rows) {
    const bytes = BLOCK_HEAD + until - key;
    if (end + bytes > block.length) {
      if (end > 0) yield block.subarray(0, end);
      block = Buffer.allocUnsafeSlow(Math.max(size, bytes));
      size = BLOCK;
      end = 0;
    }
    block.writeUInt32LE(value - key, end);
    block.writeUInt32LE(until - value, end + 4);
    copy(slab, key, until - key, block, end + BLOCK_HEAD);
    end += bytes;
  }
  if (end > 0) yield block.subarray(0, end);
}
