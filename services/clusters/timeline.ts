import type { StateTable } from '../stream/state-table.ts';

/** Values that wait for a time, each an entry of its own in the step's state: no saved value grows with how many wait together. */
export interface Timeline<Value> {
  get(time: number, name: string): Value | undefined;
  set(time: number, name: string, value: Value): void;
  delete(time: number, name: string): void;
  /** The earliest time for which something waits; Infinity when nothing does. */
  next(): number;
  /** Removes and returns all that waits for `time`, in the order of the names: it does not depend on arrival or on a restore. */
  take(time: number): Value[];
}

/** Over a table of its own. The index by time is a function of the table, rebuilt after a restore. */
export function createTimeline<Value>(table: StateTable<Value>): Timeline<Value> {
  const byTime = new Map<number, Set<string>>();
  const index = (time: number, key: string): void => {
    const keys = byTime.get(time);
    if (keys === undefined) byTime.set(time, new Set([key]));
    else keys.add(key);
  };
  for (const [key] of table.entries()) index(Number(key.slice(0, key.indexOf(' '))), key);
  const keyOf = (time: number, name: string): string => `${time} ${name}`;
  return {
    get: (time, name) => table.get(keyOf(time, name)),
    set(time, name, value) {
      table.set(keyOf(time, name), value);
      index(time, keyOf(time, name));
    },
    delete(time, name) {
      table.delete(keyOf(time, name));
      const keys = byTime.get(time);
      keys?.delete(keyOf(time, name));
      if (keys?.size === 0) byTime.delete(time);
    },
    next() {
      let earliest = Number.POSITIVE_INFINITY;
      for (const time of byTime.keys()) if (time < earliest) earliest = time;
      return earliest;
    },
    take(time) {
      const values: Value[] = [];
      for (const key of [...(byTime.get(time) ?? [])].sort()) {
        const value = table.get(key);
        if (value !== undefined) values.push(value);
        table.delete(key);
      }
      byTime.delete(time);
      return values;
    },
  };
}
