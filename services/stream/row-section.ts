/** Bytes in a slab, the key before the value: good until the next change. */
export interface RowPlace {
  slab: Buffer;
  key: number;
  value: number;
  until: number;
}

/** A place is the slab's number times this, plus an offset: 4 GiB of rows a section in 32 bits. A row that is larger has a slab of its own. */
const SLAB = 1 << 18;
const MOST_SLABS = 1 << 14;
/** Small states are common, and there are SECTIONS first slabs. */
const FIRST_SLAB = 1 << 12;
/**
 * Before its key a row has a head: room for key and value in two bytes, length of the key in one, length of the value in two. Where these do not do, LONG
 * and the three in four bytes each.
 */
const HEAD = 5;
const LONG = 0xffff;
const LONG_HEAD = 14;
const FIRST_SLOTS = 16;

/** Open addressing over rows in slabs: of each slot the hash and the place + 1 (0: empty). Freed bytes come back when a quarter of all are free. */
export class RowSection {
  size = 0;
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #slabs: Buffer[] = [];
  /** First free byte of the last slab. */
  #free = 0;
  #bytes = 0;
  #dead = 0;
  /** Slabs that nobody uses, shared by the sections of a store. Left to the collector they would stay resident until it runs, and come back scattered. */
  readonly #spare: Buffer[];

  constructor(spare: Buffer[]) {
    this.#spare = spare;
  }

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

  row(slot: number): RowPlace {
    const { slab, from } = this.#at((this.#slots[2 * slot + 1] ?? 0) - 1);
    const long = isLong(slab, from);
    const key = from + (long ? LONG_HEAD : HEAD);
    const value = key + (long ? slab.readUInt32LE(from + 6) : (slab[from + 2] ?? 0));
    return { slab, key, value, until: value + (long ? slab.readUInt32LE(from + 10) : slab.readUInt16LE(from + 3)) };
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
      const { slab, from } = this.#at((this.#slots[2 * slot + 1] ?? 0) - 1);
      const had = rowBytes(slab, from);
      if (had >= headBytes(slab, from) + room) {
        if (isLong(slab, from)) slab.writeUInt32LE(length, from + 10);
        else slab.writeUInt16LE(length, from + 3);
        copy(value, valueFrom, length, slab, from + headBytes(slab, from) + keyLength);
        return;
      }
      this.#dead += had;
      room += room >> 3; // what has grown once will grow again
    }
    const long = room >= LONG || keyLength > 0xff;
    const head = long ? LONG_HEAD : HEAD;
    const place = this.#allocate(head + room);
    const { slab, from } = this.#at(place);
    slab.writeUInt16LE(long ? LONG : room, from);
    if (long) {
      slab.writeUInt32LE(room, from + 2);
      slab.writeUInt32LE(keyLength, from + 6);
      slab.writeUInt32LE(length, from + 10);
    } else {
      slab[from + 2] = keyLength;
      slab.writeUInt16LE(length, from + 3);
    }
    copy(key, keyFrom, keyLength, slab, from + head);
    copy(value, valueFrom, length, slab, from + head + keyLength);
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
    const row = this.#at((this.#slots[2 * slot + 1] ?? 0) - 1);
    this.#dead += rowBytes(row.slab, row.from);
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
    const long = isLong(slab, row);
    if ((long ? slab.readUInt32LE(row + 6) : slab[row + 2]) !== length) return false;
    const key = row + (long ? LONG_HEAD : HEAD);
    for (let i = 0; i < length; i++) if (slab[key + i] !== bytes[from + i]) return false;
    return true;
  }

  #allocate(bytes: number): number {
    const last = this.#slabs.at(-1);
    if (last === undefined || this.#free + bytes > last.length) {
      if (this.#slabs.length >= MOST_SLABS) throw new RangeError('a section of rows has outgrown its 4 GiB');
      this.#slabs.push(this.#newSlab(bytes, last === undefined ? FIRST_SLAB : SLAB));
      this.#free = 0;
    }
    const place = (this.#slabs.length - 1) * SLAB + this.#free;
    this.#free += bytes;
    this.#bytes += bytes;
    return place;
  }

  #newSlab(least: number, usual: number): Buffer {
    const spare = least <= SLAB && usual === SLAB ? this.#spare.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(Math.max(least, usual));
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
    if (this.#dead < 4 * SLAB || 4 * this.#dead < this.#bytes) return;
    const live = new RowSection(this.#spare);
    live.#slots = this.#slots;
    for (let slot = 0; slot < this.#slots.length / 2; slot++) {
      const old = this.#slots[2 * slot + 1] ?? 0;
      if (old === 0) continue;
      const { slab, from } = this.#at(old - 1);
      const bytes = rowBytes(slab, from);
      const place = live.#allocate(bytes);
      const to = live.#at(place);
      copy(slab, from, bytes, to.slab, to.from);
      this.#slots[2 * slot + 1] = place + 1;
    }
    this.#spare.push(...this.#slabs.filter(({ length }) => length === SLAB));
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

function isLong(slab: Buffer, from: number): boolean {
  return slab[from] === 0xff && slab[from + 1] === 0xff;
}

function headBytes(slab: Buffer, from: number): number {
  return isLong(slab, from) ? LONG_HEAD : HEAD;
}

/** Of the whole row, its room included. */
function rowBytes(slab: Buffer, from: number): number {
  return isLong(slab, from) ? LONG_HEAD + slab.readUInt32LE(from + 2) : HEAD + slab.readUInt16LE(from);
}

/** Most rows are a few dozen bytes: for those a loop costs less than a view and a call. */
export function copy(from: Uint8Array, at: number, length: number, to: Uint8Array, toAt: number): void {
  if (length > 96) to.set(from.subarray(at, at + length), toAt);
  else for (let i = 0; i < length; i++) to[toAt + i] = from[at + i] ?? 0;
}
