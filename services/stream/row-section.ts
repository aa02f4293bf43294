/** Bytes in a slab: good until the next change. */
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
    if (this.#dead < SLAB || 4 * this.#dead < this.#bytes) return;
    const live = new RowSection(this.#spare);
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

export function rowKey({ slab, from }: RowPlace): string {
  return slab.toString('utf8', from + HEAD, from + HEAD + slab.readUInt32LE(from + 4));
}

/** Lengths, key and value of a row. */
export function withoutRoom({ slab, from, until }: RowPlace): Buffer {
  return slab.subarray(from + 4, until);
}
