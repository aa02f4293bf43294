import { serialize } from 'node:v8';

/**
 * A checkpoint holds everything changed since the last one, and one of SECTIONS slices of all keys whole, in rotation. After SECTIONS checkpoints
 * everything has been written whole once, so restoring needs the last SECTIONS checkpoints, applied in order, and nothing older: bounded in size and time.
 */
export const SECTIONS = 16;

/** A chunk is closed when it has grown to this many bytes. What is larger by itself is cut by the state log (kafka/state-log.ts). */
const CHUNK_BYTES = 512 * 1024;

export type StateKind = 'table' | 'packed' | 'queue';

export interface Chunk {
  kind: StateKind;
  name: string;
  /** In which form entries are, where the kind has several. */
  format: string | null;
  /** Section that this chunk starts anew; null for changes and for later chunks of a section. */
  clears: number | null;
  /** As the kind of state writes them. */
  entries: Uint8Array[];
  deleted: string[];
}

/** Part of a table or queue. No key is in both. */
export interface Slice {
  entries: Iterable<Uint8Array>;
  deleted: Iterable<string>;
}

/** What a kind of state does to be saved and restored. */
export interface Tracked {
  readonly kind: StateKind;
  readonly format: string | null;
  /**
   * What changed since the last call outside section `except`, which is about to be written whole. Forgets the changes. null: it was never saved, and
   * every section is to be written whole. Changes are noted only from then on, so that state that nobody saves pays nothing.
   */
  takeChanges(except: number): Slice | null;
  section(section: number): Slice;
  clearSection(section: number): void;
  load(entry: Uint8Array, format: string | null): void;
  unload(key: string): void;
}

/** Chunks of a slice; `clears` as in a chunk. */
export function* pack({ kind, format }: Tracked, name: string, clears: number | null, slice: Slice): Generator<Buffer> {
  let chunk: Chunk = { kind, name, format, clears, entries: [], deleted: [] };
  let bytes = 0;
  for (const entry of slice.entries) {
    chunk.entries.push(entry);
    bytes += entry.length;
    if (bytes >= CHUNK_BYTES) yield* close();
  }
  for (const key of slice.deleted) {
    chunk.deleted.push(key);
    bytes += 2 * key.length;
    if (bytes >= CHUNK_BYTES) yield* close();
  }
  if (chunk.entries.length > 0 || chunk.deleted.length > 0 || chunk.clears !== null) yield* close();

  function* close(): Generator<Buffer> {
    yield serialize(chunk);
    chunk = { kind, name, format, clears: null, entries: [], deleted: [] };
    bytes = 0;
  }
}

/** FNV-1a over UTF-16 units: only has to spread keys evenly and be the same in every process. */
export function sectionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SECTIONS;
}
