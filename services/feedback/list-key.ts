/** Where a page of a list ends, the latest first. What comes in between two pages shifts nothing, as it would with an offset; what has the same time is told apart by its id. */
export interface ListKey {
  /** Milliseconds since the epoch. */
  time: number;
  id: string;
}

/** The longest id that is taken. */
export const ALERT_ID_LENGTH = 300;

/** What `readListKey` takes: `<time in milliseconds>~<id>`. */
export const LIST_KEY_PATTERN = /^\d{1,15}~\P{Cc}{1,300}$/u;

/** Of a text that has been checked against LIST_KEY_PATTERN. The first ~ divides: an alert's id may have more. */
export function readListKey(text: string): ListKey {
  const divide = text.indexOf('~');
  return { time: Number(text.slice(0, divide)), id: text.slice(divide + 1) };
}

/** Of at most `limit` + 1 rows: a page, and the key of the following one; null on the last. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => ListKey,
): { shown: Row[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  if (last === undefined) return { shown, next: null };
  const { time, id } = keyOf(last);
  return { shown, next: `${time}~${id}` };
}

/** SQL: what comes after the key, by columns of milliseconds and of ids. Its values are `keyParameters`. */
export function isAfterKey(milliseconds: string, id: string): string {
  return `({is_first:UInt8} OR (${milliseconds}, ${id}) < ({before_time:Int64}, {before_id:String}))`;
}

/** Null: the first page. One row more than the limit is asked for: it says that there is another page. */
export function keyParameters(before: ListKey | null, limit: number): Record<string, unknown> {
  return {
    is_first: before === null ? 1 : 0,
    before_time: before?.time ?? 0,
    before_id: before?.id ?? '',
    limit: limit + 1,
  };
}
