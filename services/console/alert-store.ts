import { COVERED, handlingNow } from '../feedback/handling.ts';
import { LIMITS } from '../feedback/limits.ts';
import { isAfterKey, keyParameters, type ListKey } from '../feedback/list-key.ts';
import { effectiveSilences, type SilenceTarget } from '../feedback/silences.ts';
import type { AlertStatus, Severity, Verdict } from '../records/alert.ts';
import {
  type AlertRow,
  type Counts,
  type HourRow,
  type RevisionRow,
  type ShownAlert,
  storedSignatures,
  type Trend,
} from './schemas/alert.ts';

/** A question with `{name:Type}` parameters: values never become part of the SQL. */
export type Query = <Row>(sql: string, parameters?: Record<string, unknown>) => Promise<Row[]>;

export interface AlertCriteria {
  status?: AlertStatus | null | undefined;
  severity?: Severity | null | undefined;
  verdict?: Verdict | null | undefined;
  /** acknowledged, or waiting for somebody to be. */
  handling?: 'waiting' | 'acknowledged' | null | undefined;
  /** One that had a part in it. */
  signature?: string | null | undefined;
  /** Part of an id or of the sentence, or the whole id of an account of the subject. */
  text?: string | null | undefined;
}

export interface AlertFilter extends AlertCriteria {
  limit: number;
  /** The last alert of the page before; null for the first page. */
  before: ListKey | null;
}

export interface AlertStore {
  /**
   * The latest revision of each alert, most recently updated first, at most `limit` + 1: the one too many says that there is another page. With them, in
   * the same question, the number of alerts by status, of all that fit the rest of the filter.
   */
  list(filter: AlertFilter): Promise<{ alerts: AlertRow[]; counts: Counts }>;
  /** Number of alerts by status, of all that fit. */
  count(criteria: AlertCriteria): Promise<Counts>;
  /** Ids of the alerts that fit, at most `limit`. */
  ids(criteria: AlertCriteria, limit: number): Promise<string[]>;
  /** The last two days of these subjects, hour by hour, latest last. */
  trends(subjectIds: readonly string[]): Promise<Trend[]>;
  /** The latest revision whole, with all revisions as `timeline` and its subject's hourly `windows`, both latest first; null when there is none. */
  show(alertId: string): Promise<ShownAlert | null>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
}

const MOST_REVISIONS = 200;
/** A week of hours. */
const MOST_WINDOWS = 168;
const TREND_HOURS = 48;
const MOST_TRENDS = 200;

const milliseconds = (name: string): string => `toUnixTimestamp64Milli(${name}) AS ${name}_ms`;
const TIMES = ['opened_at', 'updated_at', 'first_seen', 'last_seen'].map(milliseconds).join(', ');
const HEAD =
  'alert_id, revision, status, verdict, severity, subject_type, subject_id, account_count, exchange_count, confidence, summary';

/** Limited in time and rows. `database` is the configuration's, not a request's. */
export function createAlertStore(query: Query, database: string): AlertStore {
  const silencedUntil = (target: SilenceTarget): string =>
    `SELECT target_id, toUnixTimestamp64Milli(max(silence.until)) AS until FROM ${effectiveSilences(database, 'now64(3)')} AS silence WHERE target_type = '${target}' AND silence.until > now64(3) GROUP BY target_id`;
  // What people made of an alert, beside it. The filter comes after the latest revision is found: an alert that is resolved must not show up as the open one it was.
  // `which` chooses whole alerts, before: the engine reads only these.
  const latestOf = (
    which: string,
  ) => `(SELECT * FROM ${database}.alerts FINAL ${which}ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id) AS alert
    LEFT JOIN (${handlingNow(database)}) AS handling USING (alert_id)
    LEFT JOIN (SELECT alert_id, toString(argMax(mark, marked_at)) AS mark FROM ${database}.alert_marks GROUP BY alert_id) AS marked USING (alert_id)
    LEFT JOIN (${silencedUntil('alert')}) AS own ON own.target_id = alert.alert_id
    LEFT JOIN (${silencedUntil('cluster')}) AS theirs ON theirs.target_id = splitByChar('~', alert.subject_id)[1]`;
  const latest = latestOf('');
  const handled = `CAST(${COVERED} AS Bool) AS is_acknowledged, handling.acknowledged_by AS acknowledged_by, handling.acknowledged_at_ms AS acknowledged_at_ms,
    handling.assignee AS assignee, greatest(own.until, theirs.until) AS silenced_until_ms, marked.mark AS mark`;
  const whole =
    'exchanges_before_alert, signatures, linking_evidence, sample_accounts, sample_event_ids, rules_hash, atlas_technique, query, runbook_url, baseline_note, cohort';
  // The column is large: it is read only by those who ask for it.
  const hasSignature =
    "arrayExists(own -> own.name = {signature:String} AND own.score > 0, JSONExtract(signatures, 'Array(Tuple(name String, score Float64))'))";
  const hasStatus = "({status:String} = '' OR status = {status:String})";
  const fitsRest = ({
    signature,
  }: AlertCriteria): string => `${signature ? hasSignature : '1'} AND ({severity:String} = '' OR severity = {severity:String})
    AND ({verdict:String} = '' OR verdict = {verdict:String}) AND ({handling:String} = '' OR ({handling:String} = 'acknowledged') = ${COVERED})
    AND ({text:String} = '' OR positionCaseInsensitiveUTF8(concat(alert_id, ' ', subject_id, ' ', summary), {text:String}) > 0 OR has(sample_accounts, {text:String})
      OR splitByChar('~', subject_id)[1] IN (SELECT argMax(cluster_id, version) FROM ${database}.assignments WHERE account_id = {text:String}))`;
  const fits = (criteria: AlertCriteria): string => `${hasStatus} AND ${fitsRest(criteria)}`;
  const wanted = ({
    status,
    severity,
    verdict,
    handling,
    signature,
    text,
  }: AlertCriteria): Record<string, unknown> => ({
    status: status ?? '',
    severity: severity ?? '',
    verdict: verdict ?? '',
    handling: handling ?? '',
    text: text ?? '',
    ...(signature ? { signature } : {}),
  });

  const count = async (criteria: AlertCriteria): Promise<Counts> => {
    const [counted] = await query<Counts>(
      `SELECT countIf(status = 'open') AS open, countIf(status = 'resolved') AS resolved FROM ${latest} WHERE ${fits(criteria)} LIMIT 1 ${LIMITS}`,
      wanted(criteria),
    );
    return counted ?? { open: 0, resolved: 0 };
  };

  return {
    async list({ limit, before, ...criteria }) {
      const found = await query<AlertRow & Record<'open_count' | 'resolved_count', number>>(
        `SELECT * EXCEPT (updated_at) FROM (
           SELECT ${HEAD}, ${TIMES}, ${handled}, updated_at, countIf(status = 'open') OVER () AS open_count, countIf(status = 'resolved') OVER () AS resolved_count
           FROM ${latest} WHERE ${fitsRest(criteria)})
         WHERE ${hasStatus} AND ${isAfterKey('updated_at_ms', 'alert_id')}
         ORDER BY updated_at DESC, alert_id DESC LIMIT {limit:UInt32} ${LIMITS}`,
        { ...wanted(criteria), ...keyParameters(before, limit) },
      );
      const [first] = found;
      return {
        alerts: found.map(({ open_count: _, resolved_count: __, ...alert }) => alert),
        counts:
          first === undefined
            ? await count({ ...criteria, status: null })
            : { open: first.open_count, resolved: first.resolved_count },
      };
    },
    count,
    async ids(criteria, limit) {
      const found = await query<{ alert_id: string }>(
        `SELECT alert_id FROM ${latest} WHERE ${fits(criteria)} ORDER BY alert_id LIMIT {limit:UInt32} ${LIMITS}`,
        { ...wanted(criteria), limit },
      );
      return found.map(({ alert_id }) => alert_id);
    },
    async trends(subjectIds) {
      if (subjectIds.length === 0) return [];
      return await query<Trend>(
        `SELECT subject_id, groupArray(end) AS ends_ms, groupArray(calls) AS calls
         FROM (SELECT subject_id, toUnixTimestamp64Milli(window_end) AS end, coalesce(calls, 0) AS calls FROM ${database}.cluster_windows FINAL
           WHERE window_size = 'hour' AND subject_id IN {ids:Array(String)} ORDER BY subject_id, window_end DESC LIMIT ${TREND_HOURS} BY subject_id)
         GROUP BY subject_id LIMIT ${MOST_TRENDS} ${LIMITS}`,
        { ids: [...new Set(subjectIds)] },
      );
    },
    async show(alertId) {
      const [alert] = await query<Omit<ShownAlert, 'signatures' | 'linking_evidence'> & Record<Texts, string>>(
        `SELECT ${HEAD}, ${whole}, ${TIMES}, ${handled} FROM ${latestOf('WHERE alert_id = {id:String} ')} LIMIT 1 ${LIMITS}`,
        { id: alertId },
      );
      if (alert === undefined) return null;
      const [timeline, windows] = await Promise.all([
        query<RevisionRow>(
          `SELECT revision, type, status, verdict, severity, confidence, account_count, exchange_count, ${milliseconds('updated_at')}
           FROM ${database}.alerts FINAL WHERE alert_id = {id:String} ORDER BY revision DESC LIMIT ${MOST_REVISIONS} ${LIMITS}`,
          { id: alertId },
        ),
        query<HourRow>(
          `SELECT ${milliseconds('window_end')}, calls, accounts, verdict, confidence
           FROM ${database}.cluster_windows FINAL WHERE subject_id = {id:String} AND window_size = 'hour' ORDER BY window_end DESC LIMIT ${MOST_WINDOWS} ${LIMITS}`,
          { id: alert.subject_id },
        ),
      ]);
      return {
        ...alert,
        signatures: storedSignatures.parse(JSON.parse(alert.signatures)),
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

type Texts = 'signatures' | 'linking_evidence';
