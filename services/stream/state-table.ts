import type { RowCodec } from './row-codec.ts';

/**
 * The state of a step: named tables and queues of plain data (structured-clone types only), all of which a runner can save and restore without knowing them.
 * A value that was changed in place must be `set` again (same reference), else the change is not saved.
 */
export interface StateTable<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): boolean;
  has(key: string): boolean;
  readonly size: number;
  entries(): IterableIterator<[string, Value]>;
}

/**
 * What waits for a time (milliseconds), in the order in which it came. For everything that is kept until the watermark passes: entries are saved one by
 * one, so a push costs one entry however many wait with it, and no saved value grows with the traffic. An entry must not be changed while it waits.
 */
export interface StateQueue<Entry> {
  push(time: number, entry: Entry): void;
  /** Removes and returns all that waits for exactly this time; empty when nothing does. */
  take(time: number): Entry[];
  /** Times for which something waits, `until` and earlier, ascending. */
  times(until: number): number[];
}

/** Each name belongs to one kind of state, and is asked for once, when the step is made. */
export interface StateTables {
  /** The table of that name, made empty when it does not exist. */
  table<Value>(name: string): StateTable<Value>;
  /**
   * The same, for millions of keys: values are kept as bytes (row-codec.ts), and only those used last as they are. So a value is good until the next call
   * for another key; get it again instead of keeping it. `entries` decodes every value.
   */
  packed<Value>(name: string, codec: RowCodec<Value>): StateTable<Value>;
  /** The queue of that name, made empty when it does not exist. */
  queue<Entry>(name: string): StateQueue<Entry>;
}
