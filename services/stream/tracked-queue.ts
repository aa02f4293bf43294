import { deserialize, serialize } from 'node:v8';
import { type Slice, sectionOf, type Tracked } from './checkpoint.ts';
import type { StateQueue } from './state-table.ts';

/** A queue in memory that knows what was pushed and taken. An entry is saved with its place in its time's list. */
export class TrackedQueue implements StateQueue<unknown>, Tracked {
  readonly kind = 'queue';
  readonly format = null;
  readonly #lists = new Map<number, unknown[]>();
  /** Times whose list changed since the last checkpoint, and the first place that did; null before the first checkpoint. */
  #changed: Map<number, number> | null = null;

  push(time: number, entry: unknown): void {
    let list = this.#lists.get(time);
    if (list === undefined) {
      list = [];
      this.#lists.set(time, list);
    }
    if (this.#changed?.has(time) === false) this.#changed.set(time, list.length);
    list.push(entry);
  }
  take(time: number): unknown[] {
    const list = this.#lists.get(time);
    if (list === undefined) return [];
    this.#lists.delete(time);
    this.#changed?.set(time, 0);
    return list;
  }
  times(until: number): number[] {
    return [...this.#lists.keys()].filter((time) => time <= until).sort((a, b) => a - b);
  }

  takeChanges(except: number): Slice | null {
    const all = this.#changed;
    this.#changed = new Map();
    if (all === null) return null;
    const changed = [...all].filter(([time]) => sectionOf(String(time)) !== except);
    const deleted = changed.filter(([time]) => !this.#lists.has(time)).map(([time]) => String(time));
    return { entries: this.#from(changed), deleted };
  }
  section(section: number): Slice {
    const times = [...this.#lists.keys()].filter((time) => sectionOf(String(time)) === section);
    return { entries: this.#from(times.map((time) => [time, 0])), deleted: [] };
  }
  clearSection(section: number): void {
    this.#changed ??= new Map();
    for (const time of this.#lists.keys()) if (sectionOf(String(time)) === section) this.#lists.delete(time);
  }
  load(entry: Uint8Array): void {
    this.#changed ??= new Map();
    const [time, place, value]: [number, number, unknown] = deserialize(entry);
    const list = this.#lists.get(time) ?? [];
    this.#lists.set(time, list);
    // A list that was taken and begun anew since the checkpoint before is written from its first place.
    list.length = place;
    list.push(value);
  }
  unload(key: string): void {
    this.#changed ??= new Map();
    this.#lists.delete(Number(key));
  }

  *#from(places: readonly (readonly [number, number])[]): Generator<Uint8Array> {
    for (const [time, first] of places) {
      const list = this.#lists.get(time) ?? [];
      for (let place = first; place < list.length; place++) yield serialize([time, place, list[place]]);
    }
  }
}
