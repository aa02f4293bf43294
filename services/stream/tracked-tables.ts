import { deserialize } from 'node:v8';
import { type Chunk, pack, SECTIONS, type StateKind, type Tracked } from './checkpoint.ts';
import { PackedTable } from './packed-table.ts';
import type { RowCodec } from './row-codec.ts';
import type { StateQueue, StateTable, StateTables } from './state-table.ts';
import { TrackedQueue } from './tracked-queue.ts';
import { TrackedTable } from './tracked-table.ts';

/** Tables and queues in memory that know what changed, so that a checkpoint costs what changed and a section, not what there is. */
export interface TrackedTables extends StateTables {
  /**
   * Serialised chunks: the changes since the last call, and section `rotation % SECTIONS` whole. Forgets the changes as they are taken: take them all, and change
   * nothing meanwhile. One at a time, since all of them together are as much again as what they are made of.
   */
  checkpoint(rotation: number): Iterable<Buffer>;
  /** Serialised chunks of all there is. What is to be in the next checkpoint stays as it was. */
  whole(): Iterable<Buffer>;
  /** Applies one chunk; chunks must come in the order in which they were written. Call before the step is made. */
  apply(chunk: Uint8Array): void;
}

/** Values of a packed table kept decoded, in each of two generations: enough for what a minute works on, and 100 MB where each has five kilobytes. */
const HOT = 8_192;
const ALL_SECTIONS: readonly number[] = Array.from({ length: SECTIONS }, (_, section) => section);

/** `hot` changes speed and memory, never a result. */
export function createTrackedTables({ hot = HOT } = {}): TrackedTables {
  const make = {
    table: () => new TrackedTable(),
    packed: () => new PackedTable(hot),
    queue: () => new TrackedQueue(),
  } as const;
  const all = new Map<string, Tracked>();
  const named = <Kind extends StateKind>(kind: Kind, name: string): ReturnType<(typeof make)[Kind]> => {
    const known = all.get(name) ?? make[kind]();
    if (known.kind !== kind) throw new Error(`state ${name} is a ${known.kind}, not a ${kind}`);
    all.set(name, known);
    return known as ReturnType<(typeof make)[Kind]>; // of that kind, as just checked
  };
  return {
    // What is in them is what their step put there: the type is the step's own promise, made where it names them.
    table: <Value>(name: string) => named('table', name) as unknown as StateTable<Value>,
    packed<Value>(name: string, codec: RowCodec<Value>) {
      const table = named('packed', name);
      table.use(codec as unknown as RowCodec<unknown>);
      return table as unknown as StateTable<Value>;
    },
    queue: <Entry>(name: string) => named('queue', name) as unknown as StateQueue<Entry>,
    *checkpoint(rotation) {
      const section = rotation % SECTIONS;
      for (const [name, state] of all) {
        const changes = state.takeChanges(section);
        if (changes !== null) yield* pack(state, name, null, changes);
        for (const whole of changes === null ? ALL_SECTIONS : [section])
          yield* pack(state, name, whole, state.section(whole));
      }
    },
    *whole() {
      for (const [name, state] of all)
        for (const section of ALL_SECTIONS) yield* pack(state, name, section, state.section(section));
    },
    apply(bytes) {
      const chunk: Chunk = deserialize(bytes);
      if (!Object.hasOwn(make, chunk.kind)) throw new Error(`state of unknown kind ${chunk.kind}`);
      const state: Tracked = named(chunk.kind, chunk.name);
      if (chunk.clears !== null) state.clearSection(chunk.clears);
      for (const entry of chunk.entries) state.load(entry, chunk.format);
      for (const key of chunk.deleted) state.unload(key);
    },
  };
}
