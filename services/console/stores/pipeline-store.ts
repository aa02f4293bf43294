import { LIMITS } from '../../feedback/limits.ts';
import type { Query } from '../alert-store.ts';
import type { DeadLetterCount, StoredTable, UndeliveredCount } from '../schemas/operation.ts';

export interface PipelineStore {
  /** How far each table is, by event time. */
  stored(): Promise<StoredTable[]>;
  deadLetters(): Promise<DeadLetterCount[]>;
  /** What targets of notify did not take. */
  undelivered(): Promise<UndeliveredCount[]>;
}

const MOST_REASONS = 100;

/** What ClickHouse knows of the pipeline. What only the services know is on their /status. */
export function createPipelineStore(query: Query, database: string): PipelineStore {
  const newest = (table: string, time: string, where = ''): string =>
    `SELECT '${table}' AS table, count() AS rows, if(rows = 0, 0, toUnixTimestamp64Milli(max(${time}))) AS newest_ms FROM ${database}.${table} ${where}`;
  return {
    stored() {
      const tables = [
        newest('account_windows', 'window_end', "WHERE window_size = 'minute'"),
        newest('cluster_windows', 'window_end', "WHERE window_size = 'minute'"),
        newest('assignments', 'effective_at'),
        newest('alerts', 'updated_at'),
        newest('dead_letters', 'timestamp'),
        newest('undelivered', 'emitted_at'),
      ];
      return query<StoredTable>(`SELECT * FROM (${tables.join(' UNION ALL ')}) ORDER BY table LIMIT 10 ${LIMITS}`);
    },
    deadLetters() {
      return query<DeadLetterCount>(
        `SELECT topic, reason, count() AS messages, toUnixTimestamp64Milli(max(timestamp)) AS newest_ms, argMax(detail, timestamp) AS detail,
           argMax(partition, timestamp) AS partition, argMax(offset, timestamp) AS offset
         FROM ${database}.dead_letters FINAL GROUP BY topic, reason ORDER BY messages DESC LIMIT ${MOST_REASONS} ${LIMITS}`,
      );
    },
    undelivered() {
      return query<UndeliveredCount>(
        `SELECT target, reason, count() AS messages, toUnixTimestamp64Milli(max(emitted_at)) AS newest_ms, argMax(alert_id, emitted_at) AS alert_id
         FROM ${database}.undelivered FINAL GROUP BY target, reason ORDER BY newest_ms DESC, target LIMIT ${MOST_REASONS} ${LIMITS}`,
      );
    },
  };
}
