import { LIMITS } from '../../feedback/limits.ts';
import type { Query } from '../alert-store.ts';
import type { UndeliveredRevision } from '../schemas/operation.ts';

export interface UndeliveredStore {
  /** Revisions of an alert that a target of notify did not take, latest first. What targets took is not stored. */
  of(alertId: string): Promise<UndeliveredRevision[]>;
}

const MOST = 200;

export function createUndeliveredStore(query: Query, database: string): UndeliveredStore {
  return {
    of(alertId) {
      return query<UndeliveredRevision>(
        `SELECT target, revision, reason, attempts, toUnixTimestamp64Milli(emitted_at) AS emitted_at_ms
         FROM ${database}.undelivered FINAL WHERE alert_id = {id:String} ORDER BY revision DESC, target LIMIT ${MOST} ${LIMITS}`,
        { id: alertId },
      );
    },
  };
}
