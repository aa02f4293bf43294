import type { ClickHouse } from '../platform/clickhouse.ts';
import { dateTime } from '../sink/rows/time.ts';
import { LIMITS } from './limits.ts';

export interface AuditEntry {
  author: string;
  role: string;
  /** What was done, as `verb thing`. */
  action: string;
  target: string;
  detail: Readonly<Record<string, unknown>>;
  /** The peer's address. */
  address: string;
}

export interface AuditRow extends Omit<AuditEntry, 'detail'> {
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
