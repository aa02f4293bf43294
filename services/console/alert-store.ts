import type { AlertStatus, Severity, Verdict } from '../records/alert.ts';
import type { SubjectType } from '../records/subject-window.ts';
import type { ListKey } from './list-key.ts';

/** A question with `{name:Type}` parameters: values never become part of the SQL. */
export type Query = <Row>(sql: string, parameters?: Record<string, unknown>) => Promise<Row[]>;

export interface AlertFilter {
  status: AlertStatus | null;
  severity: Severity | null;
  limit: number;
  /** The last alert of the page before; null for the first page. */
  before: ListKey | null;
}

/** Times are milliseconds since the epoch; ClickHouse writes 64-bit integers as JSON strings or numbers, by its settings. */
export interface AlertRow {
  alert_id: string;
  status: AlertStatus;
  verdict: Verdict;
  severity: Severity;
  subject_type: SubjectType;
  subject_id: string;
  account_count: string | number;
  exchange_count: string | number;
  updated_at_ms: string | number;
}

interface WholeAlertRow extends AlertRow {
  signatures: string;
  linking_evidence: string;
}

/** With its signatures and evidence as data, not as the text that the table has. */
export interface ShownAlert extends AlertRow {
  signatures: unknown;
  linking_evidence: unknown;
  timeline: unknown[];
  windows: unknown[];
}

export interface AlertStore {
  /** The latest revision of each alert, most recently updated first. At most `limit` + 1: the one too many says that there is another page. */
  list(filter: AlertFilter): Promise<AlertRow[]>;
  /** The latest revision whole, with all revisions as `timeline` and its subject's hourly `windows`, both latest first; null when there is none. */
  show(alertId: string): Promise<ShownAlert | null>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
}

const LIMITS = 'SETTINGS max_execution_time = 5';
const MOST_REVISIONS = 200;
/** A week of hours. */
const MOST_WINDOWS = 168;

const HEAD =
  'alert_id, revision, status, verdict, severity, subject_type, subject_id, account_count, exchange_count, confidence, summary';
const milliseconds = (name: string): string => `toUnixTimestamp64Milli(${name}) AS ${name}_ms`;
const TIMES = ['opened_at', 'updated_at', 'first_seen', 'last_seen'].map(milliseconds).join(', ');

/** Limited in time and rows: a slow question must not slow the next one at 3 a.m. `database` is the configuration's, not a request's. */
export function createAlertStore(query: Query, database: string): AlertStore {
  return {
    list({ status, severity, limit, before }) {
      // The filter comes after the latest revision is found: an alert that is resolved must not show up as the open one it was.
      return query<AlertRow>(
        `SELECT ${HEAD}, ${TIMES}
         FROM (SELECT ${HEAD}, opened_at, updated_at, first_seen, last_seen FROM ${database}.alerts FINAL ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id)
         WHERE ({status:String} = '' OR status = {status:String}) AND ({severity:String} = '' OR severity = {severity:String})
           AND ({is_first:UInt8} OR (toUnixTimestamp64Milli(updated_at), alert_id) < ({before_time:Int64}, {before_id:String}))
         ORDER BY updated_at DESC, alert_id DESC LIMIT {limit:UInt32} ${LIMITS}`,
        {
          status: status ?? '',
          severity: severity ?? '',
          is_first: before === null ? 1 : 0,
          before_time: before?.updatedAt ?? 0,
          before_id: before?.alertId ?? '',
          limit: limit + 1,
        },
      );
    },
    async show(alertId) {
      const [alert] = await query<WholeAlertRow>(
        `SELECT *, ${TIMES} FROM ${database}.alerts FINAL WHERE alert_id = {id:String} ORDER BY revision DESC LIMIT 1 ${LIMITS}`,
        { id: alertId },
      );
      if (alert === undefined) return null;
      const [timeline, windows] = await Promise.all([
        query(
          `SELECT revision, type, status, verdict, severity, confidence, account_count, exchange_count, ${milliseconds('updated_at')}
           FROM ${database}.alerts FINAL WHERE alert_id = {id:String} ORDER BY revision DESC LIMIT ${MOST_REVISIONS} ${LIMITS}`,
          { id: alertId },
        ),
        query(
          `SELECT ${milliseconds('window_end')}, calls, accounts, verdict, confidence
           FROM ${database}.cluster_windows FINAL WHERE subject_id = {id:String} AND window_size = 'hour' ORDER BY window_end DESC LIMIT ${MOST_WINDOWS} ${LIMITS}`,
          { id: alert.subject_id },
        ),
      ]);
      return {
        ...alert,
        signatures: JSON.parse(alert.signatures),
        linking_evidence: JSON.parse(alert.linking_evidence),
        timeline,
        windows,
      };
    },
    async ping() {
      await query(`SELECT alert_id FROM ${database}.alerts LIMIT 1 ${LIMITS}`);
    },
  };
}
