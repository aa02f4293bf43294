import { LIMITS } from '../../feedback/limits.ts';
import type { Query } from '../alert-store.ts';
import type { RulesUse, SignaturePrecision, SignatureResult } from '../schemas/operation.ts';

export interface RuleStore {
  /** Over the last seven days of event time. */
  results(): Promise<SignatureResult[]>;
  /** Which rules judged the stored windows, latest first. */
  uses(): Promise<RulesUse[]>;
  /** Of the alerts that people marked. */
  precision(): Promise<SignaturePrecision[]>;
}

const MOST = 200;

export function createRuleStore(query: Query, database: string): RuleStore {
  return {
    results() {
      return query<SignatureResult>(
        `SELECT entry.1 AS signature, count() AS looked_at, countIf(entry.2 >= 0.5) AS strong, uniqIf(subject_id, entry.2 >= 0.5) AS subjects,
           uniqIf(subject_id, entry.2 >= 0.5 AND verdict = 'none') AS beyond_verdict
         FROM (SELECT subject_id, verdict, arrayJoin(arrayZip(mapKeys(signatures), mapValues(signatures))) AS entry FROM ${database}.cluster_windows FINAL
           WHERE window_size = 'hour' AND window_end > (SELECT max(window_end) FROM ${database}.cluster_windows WHERE window_size = 'hour') - INTERVAL 7 DAY)
         GROUP BY signature ORDER BY strong DESC, signature LIMIT ${MOST} ${LIMITS}`,
      );
    },
    uses() {
      return query<RulesUse>(
        `SELECT rules_hash, count() AS windows, toUnixTimestamp64Milli(min(window_end)) AS first_ms, toUnixTimestamp64Milli(max(window_end)) AS last_ms
         FROM ${database}.cluster_windows WHERE window_size = 'hour' GROUP BY rules_hash ORDER BY last_ms DESC LIMIT ${MOST} ${LIMITS}`,
      );
    },
    precision() {
      return query<SignaturePrecision>(
        `SELECT signature, sum(view.marked) AS marked, sum(view.marked_true) AS marked_true FROM ${database}.signature_precision AS view GROUP BY signature ORDER BY signature LIMIT ${MOST} ${LIMITS}`,
      );
    },
  };
}
