import type { ClickHouse } from '../platform/clickhouse.ts';
import { dateTime } from '../sink/rows/time.ts';
import { LIMITS } from './limits.ts';

/** What can be done, as `verb thing`. */
export type AuditAction =
  | 'log in'
  | 'acknowledge alerts'
  | 'take back acknowledgement'
  | 'assign alert'
  | 'mark alert'
  | 'silence'
  | 'end silence'
  | 'requeue'
  | 'apply rules'
  | 'erase account';

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
  audited_at_ms: number;
  /** JSON. */
  detail: string;
}

export interface AuditLog {
  /** Before the change: rejects when it cannot be written, and then nothing is changed. */
  record(entry: AuditEntry): Promise<void>;
  /** Latest first, before this moment. */
  list(before: number, limit: number): Promise<AuditRow[]>;
}

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
        `SELECT toUnixTimestamp64Milli(audited_at) AS audited_at_ms, author, role, action, target, detail, address
         FROM ${database}.audit_log WHERE audited_at < fromUnixTimestamp64Milli({before:Int64}) ORDER BY audited_at DESC LIMIT {limit:UInt32} ${LIMITS}`,
        { before, limit },
      );
    },
  };
}
