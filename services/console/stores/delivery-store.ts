import { LIMITS } from '../../feedback/limits.ts';
import type { Query } from '../alert-store.ts';
import type { DeliveredRevision, UndeliveredRevision } from '../schemas/operation.ts';

/** What targets of notify made of an alert's revisions. */
export interface DeliveryStore {
  /** Latest first. */
  taken(alertId: string): Promise<DeliveredRevision[]>;
  /** Latest first. */
  notTaken(alertId: string): Promise<UndeliveredRevision[]>;
}

const MOST = 200;

export function createDeliveryStore(query: Query, database: string): DeliveryStore {
  return {
    taken(alertId) {
      return query<DeliveredRevision>(
        `SELECT target, revision, attempts, http_status, toUnixTimestamp64Milli(delivered_at) AS delivered_at_ms
         FROM ${database}.deliveries FINAL WHERE alert_id = {id:String} ORDER BY revision DESC, target LIMIT ${MOST} ${LIMITS}`,
        { id: alertId },
      );
    },
    notTaken(alertId) {
      return query<UndeliveredRevision>(
        `SELECT target, revision, reason, attempts, toUnixTimestamp64Milli(emitted_at) AS emitted_at_ms
         FROM ${database}.undelivered FINAL WHERE alert_id = {id:String} ORDER BY revision DESC, target LIMIT ${MOST} ${LIMITS}`,
        { id: alertId },
      );
    },
  };
}
