import { SECTIONS, type Slice, type Tracked } from './checkpoint.ts';
import { type RowCodec, RowFormatError } from './row-codec.ts';
import { createRowStore } from './row-store.ts';
import type { StateTable } from './state-table.ts';

interface Hot {
  value: unknown;
  /** Newer than its row, or without one. */
  ahead: boolean;
}

/**
 * A table whose values are kept as bytes. Those used last are kept as they are, too, and written when they cool down or a checkpoint needs them, so that
 * working on a few of many values does not encode and decode them each time. What is hot decides nothing but speed.
 */
export class PackedTable implements StateTable<unknown>, Tracked {
  readonly kind = 'packed';
  readonly #rows = createRowStore();
  /** Values in two generations: when the younger one is full, the older one is given up. */
  #young = new Map<string, Hot>();
  #old = new Map<string, Hot>();
  readonly #mostYoung: number;
  #size = 0;
  /** Keys set or deleted since the last checkpoint; null before the first one, which writes everything. A table that is never saved so keeps no record. */
  #changed: Set<string> | null = null;
  #codec: RowCodec<unknown> | null = null;
  /** Format of the rows that were loaded. */
  #format: string | null = null;

  /** At most twice `hot` values are kept as they are. */
  constructor(hot: number) {
    this.#mostYoung = hot;
  }

  /** Before the first use, and after what is restored was loaded. */
  use(codec: RowCodec<unknown>): void {
    if (this.#format !== null && this.#format !== codec.format) throw new RowFormatError(this.#format, codec.format);
    this.#codec = codec;
  }

  get size(): number {
    return this.#size;
  }
  get(key: string): unknown {
    const young = this.#young.get(key);
    if (young !== undefined) return young.value;
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.#old.delete(key);
      this.#warm(key, old);
      return old.value;
    }
    const row = this.#rows.find(key);
    if (row === null) return undefined;
    const value = this.#used().decode(row.slab, row.value);
    this.#warm(key, { value, ahead: false });
    return value;
  }
  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key) || this.#rows.has(key);
  }
  set(key: string, value: unknown): void {
    const known = this.#young.get(key);
    if (known !== undefined) {
      known.value = value;
      known.ahead = true;
    } else {
      if (!this.#old.delete(key) && !this.#rows.has(key)) this.#size++;
      this.#warm(key, { value, ahead: true });
    }
    this.#changed?.add(key);
  }
  delete(key: string): boolean {
    const hot = this.#young.delete(key) || this.#old.delete(key);
    const known = this.#rows.delete(key) || hot;
    if (!known) return false;
    this.#size--;
    this.#changed?.add(key);
    return true;
  }
  *entries(): IterableIterator<[string, unknown]> {
    this.#writeAhead();
    for (const key of this.#keys()) {
      const value = this.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  get format(): string | null {
    return this.#codec?.format ?? this.#format;
  }
  takeChanges(except: number): Slice | null {
    this.#writeAhead();
    const rows = this.#rows;
    const changed = this.#changed;
    this.#changed = new Set();
    if (changed === null) return null;
    const keys = [...changed].filter((key) => rows.sectionOf(key) !== except);
    return { entries: rows.blocksOf(keys), deleted: keys.filter((key) => !rows.has(key)) };
  }
  section(section: number): Slice {
    this.#writeAhead();
    return { entries: this.#rows.blocks(section), deleted: [] };
  }
  clearSection(section: number): void {
    this.#rows.clear(section);
    this.#loaded();
  }
  load(block: Uint8Array, format: string | null): void {
    this.#format = format;
    this.#rows.load(block);
    this.#loaded();
  }
  unload(key: string): void {
    this.#rows.delete(key);
    this.#loaded();
  }

  /** Of all rows, a section at a time: rows may change meanwhile. */
  *#keys(): Generator<string> {
    for (let section = 0; section < SECTIONS; section++) yield* [...this.#rows.keys(section)];
  }

  #loaded(): void {
    this.#size = this.#rows.size;
    this.#changed ??= new Set();
  }

  #warm(key: string, hot: Hot): void {
    this.#young.set(key, hot);
    if (this.#young.size <= this.#mostYoung) return;
    this.#write(this.#old);
    this.#old = this.#young;
    this.#young = new Map();
  }

  #writeAhead(): void {
    this.#write(this.#young);
    this.#write(this.#old);
  }

  #write(generation: ReadonlyMap<string, Hot>): void {
    for (const [key, hot] of generation) {
      if (!hot.ahead) continue;
      this.#rows.put(key, this.#used().encode(hot.value));
      hot.ahead = false;
    }
  }

  #used(): RowCodec<unknown> {
    if (this.#codec === null) throw new Error('a packed table is used before it is named');
    return this.#codec;
  }
}
