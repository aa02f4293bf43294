import { LIMITS } from '../../feedback/limits.ts';
import type { StoredSubject } from '../../rules/hidden-by.ts';
import type { Query } from '../alert-store.ts';
import type { HiddenAlert } from '../schemas/exception.ts';

export type RecentAlert = HiddenAlert & StoredSubject;

export interface ExceptionStore {
  /** The latest revision of the alerts that are open or were updated since then, latest first, with what exceptions go by. */
  recent(since: number): Promise<RecentAlert[]>;
  /** End of the last hour that was judged, in event time; null when none was. */
  judgedUntil(): Promise<number | null>;
}

const MOST_ALERTS = 5_000;

export function createExceptionStore(query: Query, database: string): ExceptionStore {
  return {
    async recent(since) {
      const found = await query<Omit<RecentAlert, 'linking_evidence'> & { linking_evidence: string }>(
        `SELECT alert_id, status, severity, verdict, summary, toUnixTimestamp64Milli(updated_at) AS updated_at_ms, subject_type, subject_id, account_count,
           sample_accounts, linking_evidence, profile.organization AS organization
         FROM (SELECT * FROM ${database}.alerts FINAL ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id) AS alert
         LEFT JOIN (
           SELECT account_id, argMax(organization_id, window_end) AS organization FROM ${database}.account_windows
           WHERE window_size = 'hour' AND account_id IN (SELECT subject_id FROM ${database}.alerts WHERE subject_type = 'account') GROUP BY account_id
         ) AS profile ON profile.account_id = alert.subject_id
         WHERE status = 'open' OR updated_at >= fromUnixTimestamp64Milli({since:Int64})
         ORDER BY updated_at DESC LIMIT ${MOST_ALERTS} ${LIMITS}`,
        { since },
      );
      return found.map((row) => ({ ...row, linking_evidence: JSON.parse(row.linking_evidence) }));
    },
    async judgedUntil() {
      const [last] = await query<{ end: number }>(
        `SELECT toUnixTimestamp64Milli(window_end) AS end FROM ${database}.cluster_windows WHERE window_size = 'hour' ORDER BY window_end DESC LIMIT 1 ${LIMITS}`,
      );
      return last?.end ?? null;
    },
  };
}
