/**
 * The state of a step: named tables of plain data (structured-clone types only), all of which a runner can save and restore without knowing them.
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

export interface StateTables {
  /** The table of that name, made empty when it does not exist. Called once for each name, when the step is made. */
  table<Value>(name: string): StateTable<Value>;
}
