import { deserialize } from 'node:v8';
import { type Chunk, pack, SECTIONS, type StateKind, type Tracked } from './checkpoint.ts';
import type { StateQueue, StateTable, StateTables } from './state-table.ts';
import { TrackedQueue } from './tracked-queue.ts';
import { TrackedTable } from './tracked-table.ts';

/** Tables and queues in memory that know what changed, so that a checkpoint costs what changed and a section, not what there is. */
export interface TrackedTables extends StateTables {
  /** Serialised chunks: the changes since the last call, and section `rotation % SECTIONS` whole. Forgets the changes. */
  checkpoint(rotation: number): Buffer[];
  /** Applies one chunk; chunks must come in the order in which they were written. Call before the step is made. */
  apply(chunk: Uint8Array): void;
}

const MAKE = { table: () => new TrackedTable(), queue: () => new TrackedQueue() } as const;

export function createTrackedTables(): TrackedTables {
  const all = new Map<string, Tracked>();
  const named = <Kind extends StateKind>(kind: Kind, name: string): ReturnType<(typeof MAKE)[Kind]> => {
    const known = all.get(name) ?? MAKE[kind]();
    if (known.kind !== kind) throw new Error(`state ${name} is a ${known.kind}, not a ${kind}`);
    all.set(name, known);
    return known as ReturnType<(typeof MAKE)[Kind]>; // of that kind, as just checked
  };
  return {
    // What is in them is what their step put there: the type is the step's own promise, made where it names them.
    table: <Value>(name: string) => named('table', name) as unknown as StateTable<Value>,
    queue: <Entry>(name: string) => named('queue', name) as unknown as StateQueue<Entry>,
    checkpoint(rotation) {
      const section = rotation % SECTIONS;
      const chunks: Buffer[] = [];
      for (const [name, state] of all) {
        chunks.push(...pack(state.kind, name, null, state.takeChanges(section)));
        chunks.push(...pack(state.kind, name, section, state.section(section)));
      }
      return chunks;
    },
    apply(bytes) {
      const chunk: Chunk = deserialize(bytes);
      const state: Tracked = named(chunk.kind, chunk.name);
      if (chunk.clears !== null) state.clearSection(chunk.clears);
      for (const entry of chunk.entries) state.load(entry);
      for (const key of chunk.deleted) state.unload(key);
    },
  };
}
