import type { ClickHouse } from '../platform/clickhouse.ts';
import { dateTime } from '../sink/rows/time.ts';
import { LIMITS } from './limits.ts';
import { isAfterKey, keyParameters, type ListKey } from './list-key.ts';

/** What can be done, as `verb thing`. */
export type AuditAction =
  | 'log in'
  | 'end sessions'
  | 'acknowledge alerts'
  | 'take back acknowledgement'
  | 'assign alert'
  | 'mark alert'
  | 'silence'
  | 'end silence'
  | 'requeue'
  | 'test target'
  | 'apply rules'
  | 'erase account';

/** Of the ids that a change names, so many are written down. */
export const LISTED_IN_AUDIT = 100;

export interface AuditEntry {
  author: string;
  /** On the console; empty from a terminal. */
  role: string;
  action: AuditAction;
  target: string;
  detail: Readonly<Record<string, unknown>>;
  /** The peer's; from a terminal the name of its machine. */
  address: string;
}

export interface AuditRow extends Omit<AuditEntry, 'action' | 'detail'> {
  /** An earlier version may have had others. */
  action: string;
  /** Made of what it says: entries of one millisecond are told apart by it. */
  entry_id: string;
  audited_at_ms: number;
  /** JSON. */
  detail: string;
}

export interface AuditLog {
  /** Before the change: rejects when it cannot be written, and then nothing is changed. */
  record(entry: AuditEntry): Promise<void>;
  /** Latest first, after `before`; null: from the latest on. At most `limit` + 1: the one too many says that there is another page. */
  list(before: ListKey | null, limit: number): Promise<AuditRow[]>;
}

/** 2262, which is as far as ClickHouse's nanoseconds go. */
const LAST = Date.UTC(2262, 0);

export function createAuditLog(
  clickHouse: Pick<ClickHouse, 'query' | 'insert'>,
  database: string,
  now: () => number,
): AuditLog {
  return {
    async record({ detail, ...rest }) {
      const at = now();
      const row = { ...rest, audited_at: dateTime(at), detail: JSON.stringify(detail) };
      await clickHouse.insert('audit_log', [row], `${at} ${JSON.stringify(row)}`);
    },
    list(before, limit) {
      return clickHouse.query<AuditRow>(
        `SELECT toUnixTimestamp64Milli(audited_at) AS audited_at_ms, lower(hex(MD5(concat_ws('\\0', author, role, action, target, detail, address)))) AS entry_id,
           author, role, action, target, detail, address
         FROM ${database}.audit_log WHERE audited_at <= fromUnixTimestamp64Milli({until:Int64}) AND ${isAfterKey('audited_at_ms', 'entry_id')}
         ORDER BY audited_at DESC, entry_id DESC LIMIT {limit:UInt32} ${LIMITS}`,
        { ...keyParameters(before, limit), until: before?.time ?? LAST },
      );
    },
  };
}
