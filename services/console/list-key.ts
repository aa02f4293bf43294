/** Where a page of the list ends. Alerts that come in between two pages shift nothing, as they would with an offset. */
export interface ListKey {
  /** Milliseconds since the epoch. */
  updatedAt: number;
  alertId: string;
}

/** The longest id that is taken. */
export const ALERT_ID_LENGTH = 300;

/** What `readListKey` takes: `<updated_at in milliseconds>~<alert_id>`. */
export const LIST_KEY_PATTERN = /^\d{1,15}~\P{Cc}{1,300}$/u;

export function writeListKey({ updatedAt, alertId }: ListKey): string {
  return `${updatedAt}~${alertId}`;
}

/** Of a text that has been checked against LIST_KEY_PATTERN. The first ~ divides: an alert's id may have more. */
export function readListKey(text: string): ListKey {
  const divide = text.indexOf('~');
  return { updatedAt: Number(text.slice(0, divide)), alertId: text.slice(divide + 1) };
}
