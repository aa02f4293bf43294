import { SECTIONS } from './checkpoint.ts';

/**
 * Rows of bytes by key, outside the JavaScript heap: a row costs its bytes and some 24 more, where a Map entry with an object costs hundreds, and the garbage
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

export interface RowPlace {
  slab: Buffer;
  from: number;
  until: number;
}

/** A place is the slab's number times this, plus an offset: 4 GiB of rows a section in 32 bits. A row that is larger has a slab of its own. */
const SLAB = 1 << 20;
const MOST_SLABS = 4096;
/** Small states are common, and there are SECTIONS first slabs. */
const FIRST_SLAB = 1 << 12;
/** Bytes of a row before its key: room for key and value, length of the key, length of the value. */
const HEAD = 12;
const BLOCK = 64 * 1024;
const FIRST_SLOTS = 16;

export function createRowStore(): RowStore {
  const sections = Array.from({ length: SECTIONS }, () => new Section());
  let scratch = Buffer.alloc(256);

  /** The key as UTF-8 at the start of `scratch`. */
  const keyed = (key: string): { hash: number; bytes: Buffer; length: number } => {
    if (scratch.length < 3 * key.length) scratch = Buffer.alloc(6 * key.length);
    const length = scratch.write(key);
    return { hash: hashBytes(scratch, 0, length), bytes: scratch, length };
  };
  const at = (number: number): Section => {
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
      return slot === -1 ? null : section.value(slot);
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
      for (const { slab, from } of at(section).rows())
        yield slab.toString('utf8', from + HEAD, from + HEAD + slab.readUInt32LE(from + 4));
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
      sections[section] = new Section();
    },
    sectionOf: (key) => keyed(key).hash % SECTIONS,
  };
}

/** Open addressing over rows in slabs: of each slot the hash and the place + 1 (0: empty). Freed bytes come back when a quarter of all are free. */
class Section {
  size = 0;
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #slabs: Buffer[] = [];
  /** First free byte of the last slab. */
  #free = 0;
  #bytes = 0;
  #dead = 0;

  /** Slot of the key, or -1. */
  find(hash: number, bytes: Buffer, from: number, length: number): number {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = home(hash) & mask; ; slot = (slot + 1) & mask) {
      const place = slots[2 * slot + 1] ?? 0;
      if (place === 0) return -1;
      if (slots[2 * slot] === hash && this.#isKey(place - 1, bytes, from, length)) return slot;
    }
  }

  /** The whole row. */
  row(slot: number): RowPlace {
    const { slab, from } = this.#at((this.#slots[2 * slot + 1] ?? 0) - 1);
    return { slab, from, until: from + HEAD + slab.readUInt32LE(from + 4) + slab.readUInt32LE(from + 8) };
  }

  value(slot: number): RowPlace {
    const { slab, from, until } = this.row(slot);
    return { slab, from: from + HEAD + slab.readUInt32LE(from + 4), until };
  }

  put(
    hash: number,
    key: Buffer,
    keyFrom: number,
    keyLength: number,
    value: Uint8Array,
    valueFrom: number,
    length: number,
  ): void {
    let slot = this.find(hash, key, keyFrom, keyLength);
    let room = keyLength + length;
    if (slot !== -1) {
      const { slab, from } = this.row(slot);
      const had = slab.readUInt32LE(from);
      if (had >= room) {
        slab.writeUInt32LE(length, from + 8);
        slab.set(value.subarray(valueFrom, valueFrom + length), from + HEAD + keyLength);
        return;
      }
      this.#dead += HEAD + had;
      room += room >> 2; // what has grown once will grow again
    }
    const place = this.#allocate(HEAD + room);
    const { slab, from } = this.#at(place);
    slab.writeUInt32LE(room, from);
    slab.writeUInt32LE(keyLength, from + 4);
    slab.writeUInt32LE(length, from + 8);
    slab.set(key.subarray(keyFrom, keyFrom + keyLength), from + HEAD);
    slab.set(value.subarray(valueFrom, valueFrom + length), from + HEAD + keyLength);
    if (slot === -1) {
      slot = this.#emptySlot(hash);
      this.#slots[2 * slot] = hash;
      this.size++;
    }
    this.#slots[2 * slot + 1] = place + 1;
    if (4 * this.size > 3 * (this.#slots.length / 2)) this.#resize(this.#slots.length);
    this.#compactIfWorthwhile();
  }

  delete(hash: number, key: Buffer, from: number, length: number): boolean {
    const slot = this.find(hash, key, from, length);
    if (slot === -1) return false;
    const { slab, from: row } = this.row(slot);
    this.#dead += HEAD + slab.readUInt32LE(row);
    this.size--;
    this.#closeGap(slot);
    this.#compactIfWorthwhile();
    return true;
  }

  *rows(): Generator<RowPlace> {
    for (let slot = 0; slot < this.#slots.length / 2; slot++) if (this.#slots[2 * slot + 1] !== 0) yield this.row(slot);
  }

  #at(place: number): { slab: Buffer; from: number } {
    const slab = this.#slabs[Math.floor(place / SLAB)];
    if (slab === undefined) throw new RangeError('no such slab');
    return { slab, from: place % SLAB };
  }

  #isKey(place: number, bytes: Buffer, from: number, length: number): boolean {
    const { slab, from: row } = this.#at(place);
    if (slab.readUInt32LE(row + 4) !== length) return false;
    for (let i = 0; i < length; i++) if (slab[row + HEAD + i] !== bytes[from + i]) return false;
    return true;
  }

  #allocate(bytes: number): number {
    const last = this.#slabs.at(-1);
    if (last === undefined || this.#free + bytes > last.length) {
      if (this.#slabs.length >= MOST_SLABS) throw new RangeError('a section of rows has outgrown its 4 GiB');
      this.#slabs.push(Buffer.allocUnsafeSlow(Math.max(bytes, last === undefined ? FIRST_SLAB : SLAB)));
      this.#free = 0;
    }
    const place = (this.#slabs.length - 1) * SLAB + this.#free;
    this.#free += bytes;
    this.#bytes += bytes;
    return place;
  }

  #emptySlot(hash: number): number {
    const mask = this.#slots.length / 2 - 1;
    let slot = home(hash) & mask;
    while (this.#slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #resize(slots: number): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * slots);
    for (let i = 0; i < old.length; i += 2) {
      const hash = old[i] ?? 0;
      const place = old[i + 1] ?? 0;
      if (place === 0) continue;
      const slot = this.#emptySlot(hash);
      this.#slots[2 * slot] = hash;
      this.#slots[2 * slot + 1] = place;
    }
  }

  /** Linear probing without tombstones: what stood behind the gap because of it moves up. */
  #closeGap(gap: number): void {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = (gap + 1) & mask; slots[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      const wanted = home(slots[2 * slot] ?? 0) & mask;
      if (((slot - wanted) & mask) < ((slot - gap) & mask)) continue;
      slots[2 * gap] = slots[2 * slot] ?? 0;
      slots[2 * gap + 1] = slots[2 * slot + 1] ?? 0;
      gap = slot;
    }
    slots[2 * gap + 1] = 0;
  }

  #compactIfWorthwhile(): void {
    if (this.#dead < SLAB || 4 * this.#dead < this.#bytes) return;
    const live = new Section();
    live.#slots = this.#slots;
    for (let slot = 0; slot < this.#slots.length / 2; slot++) {
      if (this.#slots[2 * slot + 1] === 0) continue;
      const { slab, from } = this.row(slot);
      const bytes = HEAD + slab.readUInt32LE(from);
      const place = live.#allocate(bytes);
      const to = live.#at(place);
      to.slab.set(slab.subarray(from, from + bytes), to.from);
      this.#slots[2 * slot + 1] = place + 1;
    }
    this.#slabs = live.#slabs;
    this.#free = live.#free;
    this.#bytes = live.#bytes;
    this.#dead = 0;
  }
}

/** The low bits chose the section. */
function home(hash: number): number {
  return hash >>> 4;
}

function hashBytes(bytes: Buffer, from: number, until: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < until; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
}

function* inBlocks(rows: Iterable<RowPlace>): Generator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for (const { slab, from, until } of rows) {
    const part = slab.subarray(from + 4, until); // without the room, which is this store's own business
    parts.push(part);
    bytes += part.length;
    if (bytes < BLOCK) continue;
    yield Buffer.concat(parts);
    parts = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}
