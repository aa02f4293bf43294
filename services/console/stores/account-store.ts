import { LIMITS } from '../../feedback/limits.ts';
import type { WindowSize } from '../../records/window.ts';
import type { Query } from '../alert-store.ts';
import type { AccountWindowRow, AssignmentRow, ShownAccount } from '../schemas/subject.ts';

export interface AccountStore {
  /** Null when no window and no assignment names it. */
  show(accountId: string, size: WindowSize): Promise<ShownAccount | null>;
}

/** A week of hours, or twelve weeks of days. */
const MOST_WINDOWS = 168;
const MOST_CHANGES = 200;

interface Head extends Omit<ShownAccount, 'account_id' | 'windows' | 'assignments' | 'memberships'> {
  windows: number;
}

export function createAccountStore(query: Query, database: string): AccountStore {
  return {
    async show(accountId, size) {
      const id = { id: accountId };
      const [[head], windows, assignments, memberships] = await Promise.all([
        query<Head>(
          `SELECT argMax(plan, window_end) AS plan, argMax(organization_id, window_end) AS organization_id,
             argMax(country, window_end) AS country, argMax(account_status, window_end) AS account_status, argMax(verified, window_end) AS verified,
             toUnixTimestamp64Milli(min(first_seen)) AS first_seen_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_seen_ms, sum(calls) AS calls, count() AS windows
           FROM ${database}.account_windows FINAL WHERE window_size = 'hour' AND account_id = {id:String} LIMIT 1 ${LIMITS}`,
          id,
        ),
        query<AccountWindowRow>(
          `SELECT toUnixTimestamp64Milli(window_end) AS window_end_ms, calls, input_tokens, output_tokens, product_share, error_share
           FROM ${database}.account_windows FINAL WHERE window_size = {size:String} AND account_id = {id:String} ORDER BY window_end DESC LIMIT ${MOST_WINDOWS} ${LIMITS}`,
          { ...id, size },
        ),
        query<Omit<AssignmentRow, 'evidence'> & { evidence: string }>(
          `SELECT version, cluster_id, previous_cluster_id, toUnixTimestamp64Milli(effective_at) AS effective_at_ms, reason, cluster_size, evidence
           FROM ${database}.assignments FINAL WHERE account_id = {id:String} ORDER BY version DESC LIMIT ${MOST_CHANGES} ${LIMITS}`,
          id,
        ),
        query<ShownAccount['memberships'][number]>(
          `SELECT subject_id, toUnixTimestamp64Milli(effective_at) AS effective_at_ms, change
           FROM ${database}.memberships FINAL WHERE account_id = {id:String} ORDER BY version DESC LIMIT ${MOST_CHANGES} ${LIMITS}`,
          id,
        ),
      ]);
      if (head === undefined || (head.windows === 0 && assignments.length === 0)) return null;
      return {
        account_id: accountId,
        ...head,
        calls: head.calls ?? 0,
        windows,
        assignments: assignments.map((row) => ({ ...row, evidence: JSON.parse(row.evidence) })),
        memberships,
      };
    },
  };
}
