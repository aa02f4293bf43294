import type { ClickHouse } from '../platform/clickhouse.ts';
import { dateTime } from '../sink/rows/time.ts';
import type { AuditEntry } from './audit.ts';
import { LIMITS } from './limits.ts';

export const MARKS = ['true', 'false', 'duplicate'] as const;
export type Mark = (typeof MARKS)[number];

/** What somebody found an alert to be: a campaign, a mistake, or the same campaign as another alert. */
export interface AlertMark {
  alert_id: string;
  mark: Mark;
  /** The other alert; null unless it is a duplicate. */
  duplicate_of: string | null;
  by: string;
  /** Why: whoever reads the mark later must be able to follow it. */
  note: string;
}

export type MarkRefusal =
  | { ok: false; reason: 'no_such_alert'; alert_id: string }
  | { ok: false; reason: 'wrong'; what: string };
export type MarkOutcome = { ok: true; marked_at: number } | MarkRefusal;

export interface MarkRow {
  marked_at_ms: number;
  mark: Mark;
  duplicate_of: string;
  marked_by: string;
  note: string;
}

/** The change as the audit log has it, without its author. */
export function marking({
  alert_id,
  mark,
  duplicate_of,
  note,
}: Omit<AlertMark, 'by'>): Pick<AuditEntry, 'action' | 'target' | 'detail'> {
  return { action: 'mark alert', target: alert_id, detail: { mark, duplicate_of, note } };
}

export interface MarkStore {
  add(mark: AlertMark): Promise<MarkOutcome>;
  /** Why `add` would refuse it; null when it would not. Changes nothing. */
  refusal(mark: AlertMark): Promise<MarkRefusal | null>;
  /** Latest first: the first one holds. */
  list(alertId: string): Promise<MarkRow[]>;
}

const MOST_MARKS = 100;

/** Marks in ClickHouse: feedback on alerts, read by people and by `signature_precision`. It never changes what is detected. */
export function createMarkStore(
  clickHouse: Pick<ClickHouse, 'query' | 'insert'>,
  database: string,
  now: () => number,
): MarkStore {
  const exists = async (alertId: string): Promise<boolean> => {
    const found = await clickHouse.query(
      `SELECT alert_id FROM ${database}.alerts WHERE alert_id = {id:String} LIMIT 1 ${LIMITS}`,
      { id: alertId },
    );
    return found.length > 0;
  };
  const refusal: MarkStore['refusal'] = async ({ alert_id, mark, duplicate_of, note }) => {
    if ((mark === 'duplicate') !== (duplicate_of !== null))
      return { ok: false, reason: 'wrong', what: 'a duplicate, and nothing else, names the alert that it repeats' };
    if (note.trim() === '') return { ok: false, reason: 'wrong', what: 'a mark says why, in its note' };
    if (duplicate_of === alert_id) return { ok: false, reason: 'wrong', what: 'an alert cannot repeat itself' };
    for (const id of duplicate_of === null ? [alert_id] : [alert_id, duplicate_of])
      if (!(await exists(id))) return { ok: false, reason: 'no_such_alert', alert_id: id };
    return null;
  };
  return {
    refusal,
    async add(entry) {
      const refused = await refusal(entry);
      if (refused !== null) return refused;
      const { alert_id, mark, duplicate_of, by, note } = entry;
      const markedAt = now();
      await clickHouse.insert(
        'alert_marks',
        [{ alert_id, marked_at: dateTime(markedAt), mark, duplicate_of: duplicate_of ?? '', marked_by: by, note }],
        `${alert_id} ${markedAt} ${by}`,
      );
      return { ok: true, marked_at: markedAt };
    },
    list(alertId) {
      return clickHouse.query<MarkRow>(
        `SELECT toUnixTimestamp64Milli(marked_at) AS marked_at_ms, mark, duplicate_of, marked_by, note
         FROM ${database}.alert_marks WHERE alert_id = {id:String} ORDER BY marked_at DESC LIMIT ${MOST_MARKS} ${LIMITS}`,
        { id: alertId },
      );
    },
  };
}
