import type { TableRow } from '../../services/sink/rows/table-row.ts';

/** A row with the names of its columns. */
export function byName(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column, place) => [column, values[place]]));
}

/** What becomes of a record in its table, by name. */
export function rowByName<Value>({ columns, values }: TableRow<Value>, value: Value): Record<string, unknown> {
  return byName(columns, values(value));
}
