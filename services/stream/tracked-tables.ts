import { deserialize, serialize } from 'node:v8';
import type { StateTable, StateTables } from './state-table.ts';

/**
 * Tables in memory that know what changed, so that a checkpoint costs what changed and not what there is.
 *
 * A checkpoint holds every key changed since the last one, and one of SECTIONS slices of all keys whole, in rotation. After SECTIONS checkpoints
 * everything has been written whole once, so restoring needs the last SECTIONS checkpoints, applied in order, and nothing older: bounded in size and time.
 */
export const SECTIONS = 16;

/** A chunk grows to about this many bytes: several fit under Kafka's 1 MiB message limit only one at a time. */
const CHUNK_BYTES = 512 * 1024;

interface Chunk {
  table: string;
  /** Section that this chunk starts anew; null for changes and for later chunks of a section. */
  clears: number | null;
  entries: Uint8Array[];
  deleted: string[];
}

export interface TrackedTables extends StateTables {
  /** Serialised chunks: the changes since the last call, and section `rotation % SECTIONS` whole. Forgets the changes. */
  checkpoint(rotation: number): Buffer[];
  /** Applies one chunk; chunks must come in the order in which they were written. Call before the step is made. */
  apply(chunk: Uint8Array): void;
}

export function createTrackedTables(): TrackedTables {
  const tables = new Map<string, TrackedTable>();
  const named = (name: string): TrackedTable => {
    const known = tables.get(name);
    if (known !== undefined) return known;
    const made = new TrackedTable();
    tables.set(name, made);
    return made;
  };
  return {
    // A table's values are what its step put there: the type is the step's own promise, made where it names the table.
    table: <Value>(name: string) => named(name) as unknown as StateTable<Value>,
    checkpoint(rotation) {
      const chunks: Buffer[] = [];
      for (const [name, table] of tables) {
        const section = rotation % SECTIONS;
        chunks.push(...pack(name, null, table.takeChanges(section)), ...pack(name, section, table.section(section)));
      }
      return chunks;
    },
    apply(bytes) {
      const chunk: Chunk = deserialize(bytes);
      const table = named(chunk.table);
      if (chunk.clears !== null) table.clearSection(chunk.clears);
      for (const entry of chunk.entries) {
        const [key, value]: [string, unknown] = deserialize(entry);
        table.load(key, value);
      }
      for (const key of chunk.deleted) table.unload(key);
    },
  };
}

interface Slice {
  entries: Iterable<[string, unknown]>;
  deleted: string[];
}

function pack(table: string, section: number | null, slice: Slice): Buffer[] {
  const chunks: Buffer[] = [];
  let chunk: Chunk = { table, clears: section, entries: [], deleted: slice.deleted };
  let bytes = 0;
  for (const entry of slice.entries) {
    const encoded = serialize(entry);
    chunk.entries.push(encoded);
    bytes += encoded.length;
    if (bytes < CHUNK_BYTES) continue;
    chunks.push(serialize(chunk));
    chunk = { table, clears: null, entries: [], deleted: [] };
    bytes = 0;
  }
  if (chunk.entries.length > 0 || chunk.deleted.length > 0 || chunk.clears !== null) chunks.push(serialize(chunk));
  return chunks;
}

class TrackedTable implements StateTable<unknown> {
  readonly #values = new Map<string, unknown>();
  /** Keys set or deleted since the last checkpoint. */
  readonly #changed = new Set<string>();

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
    this.#changed.add(key);
  }
  delete(key: string): boolean {
    this.#changed.add(key);
    return this.#values.delete(key);
  }
  entries(): IterableIterator<[string, unknown]> {
    return this.#values.entries();
  }

  /** Changes outside `except`, which is about to be written whole. */
  takeChanges(except: number): Slice {
    const entries: [string, unknown][] = [];
    const deleted: string[] = [];
    for (const key of this.#changed) {
      if (sectionOf(key) === except) continue;
      if (this.#values.has(key)) entries.push([key, this.#values.get(key)]);
      else deleted.push(key);
    }
    this.#changed.clear();
    return { entries, deleted };
  }
  section(section: number): Slice {
    const values = this.#values;
    function* entries(): Generator<[string, unknown]> {
      for (const entry of values) if (sectionOf(entry[0]) === section) yield entry;
    }
    return { entries: entries(), deleted: [] };
  }
  clearSection(section: number): void {
    for (const key of this.#values.keys()) if (sectionOf(key) === section) this.#values.delete(key);
  }
  load(key: string, value: unknown): void {
    this.#values.set(key, value);
  }
  unload(key: string): void {
    this.#values.delete(key);
  }
}

/** FNV-1a over UTF-16 units: only has to spread keys evenly and be the same in every process. */
function sectionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SECTIONS;
}
