/**
 * How a record becomes a row: what its columns are, and what each holds. Values travel without their names: a window has a hundred columns, and their names in every row
 * were three quarters of what was written, sent and read again.
 */
export interface TableRow<Value> {
  columns: readonly string[];
  /** In the order of the columns. */
  values(value: Value): unknown[];
  /** The same by name, as a JSON object. */
  json(value: Value): string;
}

/** What each column holds of a record, in the order of the columns. */
export type Columns<Value> = Readonly<Record<string, (value: Value) => unknown>>;

export function tableRow<Value>(columns: Columns<Value>): TableRow<Value> {
  const read = Object.values(columns);
  return rowOf(Object.keys(columns), (value) => read.map((column) => column(value)));
}

/** `values`: as many as there are columns, in their order. */
export function rowOf<Value>(columns: readonly string[], values: (value: Value) => unknown[]): TableRow<Value> {
  const names = columns.map((column) => `${JSON.stringify(column)}:`);
  return {
    columns,
    values,
    json(value) {
      const all = values(value);
      // Numbers and nulls, which most are, are the same text with or without JSON.stringify, which takes four times as long.
      return `{${names.map((name, place) => `${name}${textOf(all[place])}`).join(',')}}`;
    },
  };
}

function textOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : (JSON.stringify(value) ?? 'null');
}
