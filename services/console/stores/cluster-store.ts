import { LIMITS } from '../../feedback/limits.ts';
import { clusterOfSubject, SUB_ACTIVITIES, subjectOf } from '../../records/subject-window.ts';
import type { WindowSize } from '../../records/window.ts';
import type { Query } from '../alert-store.ts';
import { type Joins, joinsOf } from '../joins.ts';
import type { ClusterAccount, ClusterWindowRow, LineageRow, ShownCluster } from '../schemas/subject.ts';

export interface ClusterStore {
  /** Null when nothing names it. A sub-population's id shows its own windows and its cluster's accounts. */
  show(subjectId: string, size: WindowSize): Promise<ShownCluster | null>;
  /** What joins the accounts of a cluster, in so few groups that a picture can show it. */
  joins(clusterId: string): Promise<Joins>;
}

const MOST_WINDOWS = 168;
const MOST_ACCOUNTS = 100;
const MOST_LINEAGE = 200;
const MOST_ALERTS = 20;
/** Sets of attributes that are told apart before they are grouped. */
const MOST_SETS = 2_000;
const MOST_PARTS = 10;

export function createClusterStore(query: Query, database: string): ClusterStore {
  /** The accounts whose latest assignment is to this cluster. */
  const members = `SELECT account_id, argMax(cluster_id, version) AS cluster, argMax(evidence, version) AS evidence, argMax(reason, version) AS reason, argMax(effective_at, version) AS since
    FROM ${database}.assignments WHERE account_id IN (SELECT account_id FROM ${database}.assignments WHERE cluster_id = {cluster:String}) GROUP BY account_id HAVING cluster = {cluster:String}`;

  const joins = async (clusterId: string): Promise<Joins> =>
    joinsOf(
      await query<{ attributes: [kind: string, attribute: string][]; accounts: number }>(
        `SELECT arraySort(arrayDistinct(JSONExtract(evidence, 'Array(Tuple(kind String, attribute String))'))) AS found,
           arrayMap(pair -> [pair.1, pair.2], found) AS attributes, count() AS accounts
         FROM (${members}) GROUP BY found ORDER BY accounts DESC LIMIT ${MOST_SETS} ${LIMITS}`,
        { cluster: clusterId },
      ),
    );

  return {
    joins,
    async show(subjectId, size) {
      const cluster = clusterOfSubject(subjectId);
      const names = { cluster, id: subjectId, size, parts: SUB_ACTIVITIES.map((sub) => subjectOf(cluster, sub)) };
      const [[counted], accounts, found, windows, lineage, alerts, parts] = await Promise.all([
        query<{ accounts: number }>(`SELECT count() AS accounts FROM (${members}) LIMIT 1 ${LIMITS}`, names),
        query<ClusterAccount>(
          `SELECT account_id, toUnixTimestamp64Milli(since) AS effective_at_ms, reason FROM (${members}) ORDER BY since DESC, account_id LIMIT ${MOST_ACCOUNTS} ${LIMITS}`,
          names,
        ),
        joins(cluster),
        query<ClusterWindowRow>(
          `SELECT toUnixTimestamp64Milli(window_end) AS window_end_ms, calls, accounts, verdict, confidence, signatures
           FROM ${database}.cluster_windows FINAL WHERE window_size = {size:String} AND subject_id = {id:String} ORDER BY window_end DESC LIMIT ${MOST_WINDOWS} ${LIMITS}`,
          names,
        ),
        query<LineageRow>(
          `SELECT toUnixTimestamp64Milli(effective_at) AS effective_at_ms, if(cluster_id = {cluster:String}, 'in', 'out') AS change, reason,
             if(cluster_id = {cluster:String}, previous_cluster_id, cluster_id) AS other_cluster_id, count() AS accounts
           FROM ${database}.assignments FINAL
           WHERE (cluster_id = {cluster:String} OR previous_cluster_id = {cluster:String}) AND cluster_id != previous_cluster_id
           GROUP BY effective_at_ms, change, reason, other_cluster_id ORDER BY effective_at_ms DESC, accounts DESC LIMIT ${MOST_LINEAGE} ${LIMITS}`,
          names,
        ),
        query<ShownCluster['alerts'][number]>(
          `SELECT alert_id, status, severity, verdict, summary, toUnixTimestamp64Milli(updated_at) AS updated_at_ms
           FROM (SELECT * FROM ${database}.alerts FINAL WHERE splitByChar('~', subject_id)[1] = {cluster:String} ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id)
           ORDER BY updated_at DESC LIMIT ${MOST_ALERTS} ${LIMITS}`,
          names,
        ),
        query<{ subject_id: string }>(
          `SELECT DISTINCT subject_id FROM ${database}.cluster_windows
           WHERE window_size = 'hour' AND subject_id IN {parts:Array(String)} ORDER BY subject_id LIMIT ${MOST_PARTS} ${LIMITS}`,
          names,
        ),
      ]);
      if (windows.length === 0 && lineage.length === 0) return null;
      return {
        cluster_id: cluster,
        account_count: counted?.accounts ?? 0,
        accounts,
        joins: found,
        windows,
        lineage,
        alerts,
        parts: parts.map(({ subject_id }) => subject_id),
      };
    },
  };
}
