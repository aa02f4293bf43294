import { deserialize, serialize } from 'node:v8';
import { type Slice, sectionOf, type Tracked } from './checkpoint.ts';
import type { StateTable } from './state-table.ts';

/** A table in memory that knows which keys changed. */
export class TrackedTable implements StateTable<unknown>, Tracked {
  readonly kind = 'table';
  readonly format = null;
  readonly #values = new Map<string, unknown>();
  /** Keys set or deleted since the last checkpoint; null before the first. */
  #changed: Set<string> | null = null;

  get size(): number {
    return this.#values.size;
  }
  get(key: string): unknown {
    return this.#values.get(key);
  }
  has(key: string): boolean {
    return this.#values.has(key);
  }
  set(key: string, value: unknown): void {
    this.#values.set(key, value);
    this.#changed?.add(key);
  }
  delete(key: string): boolean {
    this.#changed?.add(key);
    return this.#values.delete(key);
  }
  entries(): IterableIterator<[string, unknown]> {
    return this.#values.entries();
  }

  takeChanges(except: number): Slice | null {
    const changed = this.#changed;
    this.#changed = new Set();
    if (changed === null) return null;
    const entries: Uint8Array[] = [];
    const deleted: string[] = [];
    for (const key of changed) {
      if (sectionOf(key) === except) continue;
      if (this.#values.has(key)) entries.push(serialize([key, this.#values.get(key)]));
      else deleted.push(key);
    }
    return { entries, deleted };
  }
  section(section: number): Slice {
    const values = this.#values;
    function* entries(): Generator<Uint8Array> {
      for (const entry of values) if (sectionOf(entry[0]) === section) yield serialize(entry);
    }
    return { entries: entries(), deleted: [] };
  }
  clearSection(section: number): void {
    this.#changed ??= new Set();
    for (const key of this.#values.keys()) if (sectionOf(key) === section) this.#values.delete(key);
  }
  load(entry: Uint8Array): void {
    this.#changed ??= new Set();
    const [key, value]: [string, unknown] = deserialize(entry);
    this.#values.set(key, value);
  }
  unload(key: string): void {
    this.#changed ??= new Set();
    this.#values.delete(key);
  }
}
