export type Query = <Row>(sql: string, parameters?: Record<string, unknown>) => Promise<Row[]>;

export interface AlertFilter {
  status?: string;
  severity?: string;
  limit: number;
  /** Key of the last row of the page before: `<updated_at milliseconds>~<alert_id>`. */
  before?: string;
}

export interface AlertStore {
  list(filter: AlertFilter): Promise<{ alerts: unknown[]; next: string | null }>;
  show(alertId: string): Promise<unknown>;
}

const LIMITS = "SETTINGS max_execution_time = 5, max_result_rows = 2000, result_overflow_mode = 'break'";
const SUMMARY =
  'alert_id, revision, status, verdict, severity, subject_type, subject_id, account_count, exchange_count, confidence, summary';
const TIMES = ['opened_at', 'updated_at', 'first_seen', 'last_seen']
  .map((name) => `toUnixTimestamp64Milli(${name}) AS ${name}_ms`)
  .join(', ');

interface AlertRow {
  alert_id: string;
  updated_at_ms: string | number;
  signatures: string;
  linking_evidence: string;
  subject_id: string;
}

/** Parametrised, limited in time and rows: a slow question must not slow the next one at 3 a.m. */
export function createAlertStore(query: Query, database: string): AlertStore {
  return {
    async list({ status = '', severity = '', limit, before = '' }) {
      const [time = '', ...id] = before.split('~');
      const rows = await query<AlertRow>(
        `SELECT ${SUMMARY}, ${TIMES}
         FROM (SELECT * FROM ${database}.alerts FINAL ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id)
         WHERE ({status:String} = '' OR status = {status:String}) AND ({severity:String} = '' OR severity = {severity:String})
           AND ({time:Int64} = 0 OR (toUnixTimestamp64Milli(updated_at), alert_id) < ({time:Int64}, {id:String}))
         ORDER BY updated_at DESC, alert_id DESC LIMIT {limit:UInt32} ${LIMITS}`,
        { status, severity, limit, time: time === '' ? 0 : Number(time), id: id.join('~') },
      );
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return { alerts: rows, next: last === undefined ? null : `${last.updated_at_ms}~${last.alert_id}` };
    },
    async show(alertId) {
      const [alert] = await query<AlertRow>(
        `SELECT *, ${TIMES} FROM ${database}.alerts FINAL WHERE alert_id = {id:String} ORDER BY revision DESC LIMIT 1 ${LIMITS}`,
        { id: alertId },
      );
      if (alert === undefined) return null;
      const [timeline, windows] = await Promise.all([
        query(
          `SELECT revision, type, status, severity, confidence, account_count, exchange_count, toUnixTimestamp64Milli(updated_at) AS updated_at_ms FROM ${database}.alerts FINAL WHERE alert_id = {id:String} ORDER BY revision DESC LIMIT 200 ${LIMITS}`,
          { id: alertId },
        ),
        query(
          `SELECT toUnixTimestamp64Milli(window_end) AS window_end_ms, calls, accounts, verdict, confidence FROM ${database}.cluster_windows FINAL WHERE subject_id = {id:String} AND window_size = 'hour' ORDER BY window_end DESC LIMIT 168 ${LIMITS}`,
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
  };
}
