import type { ClickHouse } from '../platform/clickhouse.ts';
import type { Severity } from '../records/alert.ts';
import { dateTime } from '../sink/rows/time.ts';
import { type AuditEntry, LISTED_IN_AUDIT } from './audit.ts';
import { LIMITS } from './limits.ts';

export const HANDLING_ACTIONS = ['acknowledged', 'unacknowledged', 'assigned'] as const;
export type HandlingAction = (typeof HANDLING_ACTIONS)[number];

export interface HandlingEntry {
  handled_at_ms: number;
  action: HandlingAction;
  assignee: string;
  severity: Severity;
  author: string;
  note: string;
}

/** How a change of many went: the parts add up to what was asked for. */
export interface BulkOutcome {
  /** Ids that were changed. */
  changed: string[];
  /** Ids that were as wanted before. */
  already: string[];
  /** Ids of no alert. */
  unknown: string[];
}

/** The change as the audit log has it, without its author. */
export function acknowledgement(
  ids: readonly string[],
  wanted: boolean,
  note: string,
): Pick<AuditEntry, 'action' | 'target' | 'detail'> {
  return {
    action: wanted ? 'acknowledge alerts' : 'take back acknowledgement',
    target: ids.length === 1 ? (ids[0] ?? '') : `${ids.length} alerts`,
    detail: { alert_ids: ids.slice(0, LISTED_IN_AUDIT), note },
  };
}

export interface HandlingStore {
  acknowledge(alertIds: readonly string[], wanted: boolean, author: string, note: string): Promise<BulkOutcome>;
  /** What `acknowledge` would do now. Changes nothing. */
  rehearse(alertIds: readonly string[], wanted: boolean): Promise<BulkOutcome>;
  /** False when there is no such alert. An empty assignee: nobody. */
  assign(alertId: string, assignee: string, author: string, note: string): Promise<boolean>;
  /** Latest first. */
  list(alertId: string): Promise<HandlingEntry[]>;
}

const MOST_ENTRIES = 200;
/** The most that one change may name. */
export const MOST_HANDLED = 10_000;
/** Ids go to ClickHouse in the address: so many at a time. */
const AT_A_TIME = 500;

/**
 * The last acknowledgement and assignee of each alert, as a subquery with alert_id, is_acknowledged, acknowledged_severity, acknowledged_by,
 * acknowledged_at_ms and assignee.
 */
export function handlingNow(database: string): string {
  const isAcknowledgement = "action != 'assigned'";
  return `SELECT alert_id, countIf(${isAcknowledgement}) > 0 AND argMaxIf(action, handled_at, ${isAcknowledgement}) = 'acknowledged' AS is_acknowledged, argMaxIf(severity, handled_at, ${isAcknowledgement}) AS acknowledged_severity,
      argMaxIf(author, handled_at, ${isAcknowledgement}) AS acknowledged_by, toUnixTimestamp64Milli(maxIf(handled_at, ${isAcknowledgement})) AS acknowledged_at_ms,
      argMaxIf(assignee, handled_at, action = 'assigned') AS assignee
    FROM ${database}.alert_handling GROUP BY alert_id`;
}

/** SQL: whether the acknowledgement covers what the alert is now. One of a ticket does not cover the page that it became. */
export const COVERED =
  "(handling.is_acknowledged AND indexOf(['info', 'ticket', 'page'], handling.acknowledged_severity) >= indexOf(['info', 'ticket', 'page'], severity))";

export function createHandlingStore(
  clickHouse: Pick<ClickHouse, 'query' | 'insert'>,
  database: string,
  now: () => number,
): HandlingStore {
  /** Of those ids that are alerts: the severity, and whether it is acknowledged. */
  const look = (ids: readonly string[]) =>
    clickHouse.query<{ alert_id: string; severity: Severity; covered: number | boolean }>(
      `SELECT alert_id, severity, ${COVERED} AS covered
       FROM (SELECT alert_id, severity FROM ${database}.alerts FINAL WHERE alert_id IN {ids:Array(String)} ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id) AS alert
       LEFT JOIN (${handlingNow(database)}) AS handling USING (alert_id) LIMIT ${AT_A_TIME} ${LIMITS}`,
      { ids: [...ids] },
    );
  const insert = async (rows: (Omit<HandlingEntry, 'handled_at_ms'> & { alert_id: string })[]): Promise<void> => {
    const [first] = rows;
    if (first === undefined) return;
    const at = now();
    await clickHouse.insert(
      'alert_handling',
      rows.map((row) => ({ ...row, handled_at: dateTime(at) })),
      `${first.alert_id} ${rows.length} ${at} ${first.author}`,
    );
  };
  const triage = async (alertIds: readonly string[], wanted: boolean) => {
    const ids = [...new Set(alertIds)];
    const found: Awaited<ReturnType<typeof look>> = [];
    for (let from = 0; from < ids.length; from += AT_A_TIME)
      found.push(...(await look(ids.slice(from, from + AT_A_TIME))));
    const known = new Set(found.map(({ alert_id }) => alert_id));
    const toChange = found.filter(({ covered }) => Boolean(covered) !== wanted);
    const outcome: BulkOutcome = {
      changed: toChange.map(({ alert_id }) => alert_id),
      already: found.filter(({ covered }) => Boolean(covered) === wanted).map(({ alert_id }) => alert_id),
      unknown: ids.filter((id) => !known.has(id)),
    };
    return { toChange, outcome };
  };
  return {
    rehearse: async (alertIds, wanted) => (await triage(alertIds, wanted)).outcome,
    async acknowledge(alertIds, wanted, author, note) {
      const { toChange, outcome } = await triage(alertIds, wanted);
      const action = wanted ? 'acknowledged' : 'unacknowledged';
      await insert(
        toChange.map(({ alert_id, severity }) => ({ alert_id, action, assignee: '', severity, author, note })),
      );
      return outcome;
    },
    async assign(alertId, assignee, author, note) {
      const [alert] = await look([alertId]);
      if (alert === undefined) return false;
      await insert([{ alert_id: alertId, action: 'assigned', assignee, severity: alert.severity, author, note }]);
      return true;
    },
    list(alertId) {
      return clickHouse.query<HandlingEntry>(
        `SELECT toUnixTimestamp64Milli(handled_at) AS handled_at_ms, action, assignee, severity, author, note
         FROM ${database}.alert_handling WHERE alert_id = {id:String} ORDER BY handled_at DESC LIMIT ${MOST_ENTRIES} ${LIMITS}`,
        { id: alertId },
      );
    },
  };
}
