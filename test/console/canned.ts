import pino from 'pino';
import { type ConsoleDeps, createConsole } from '../../services/console/console.ts';
import { loadPage } from '../../services/console/page-files.ts';

/** Bundled once for all tests of a file. */
const PAGE = await loadPage();

/** Would set a global if it ever became markup. */
export const HOSTILE = '<img src=x onerror="globalThis.owned=true">';
export const START = Date.UTC(2026, 3, 22);

export type Row = Record<string, unknown>;

/** A row as ClickHouse's JSONEachRow gives it. */
export function alertRow(over: Row = {}): Row {
  return {
    alert_id: 'a_c_1',
    revision: 2,
    type: 'stillwatch.alert.updated',
    status: 'open',
    verdict: 'coordinated_pool',
    severity: 'page',
    subject_type: 'cluster',
    subject_id: 'c_1',
    account_count: 43,
    exchange_count: 3487,
    exchanges_before_alert: 150,
    confidence: 0.98,
    opened_at_ms: START,
    updated_at_ms: START + 3_600_000,
    first_seen_ms: START - 60_000,
    last_seen_ms: START + 3_599_000,
    summary: '43 linked accounts made 3487 calls so far.',
    signatures: JSON.stringify([
      {
        name: 'template-enumeration',
        version: 1,
        score: 0.9,
        features: [
          {
            name: 'enumerated_share',
            value: 0.7531,
            unit: 'share',
            baseline_percentile: 95.4,
            threshold: 0.25,
            threshold_full: 0.5,
            baseline_quantiles: [0, 0, 0.01, 0.04, 0.12, 0.31],
            contribution: 0.7,
          },
          {
            name: HOSTILE,
            value: 12,
            unit: 'calls/min',
            baseline_percentile: null,
            threshold: 4,
            threshold_full: 9,
            baseline_quantiles: [],
            contribution: 0.2,
          },
        ],
      },
    ]),
    linking_evidence: JSON.stringify([
      { kind: 'payment_fingerprint', attribute: 'pf_1…9c', accounts: 8, weight: 0.81 },
      { kind: 'user_agent', attribute: HOSTILE, accounts: 5, weight: 0.12 },
    ]),
    sample_accounts: ['acct_1', HOSTILE],
    sample_event_ids: ['evt_1', HOSTILE],
    rules_hash: 'r4bc',
    atlas_technique: 'AML.T0024.002',
    query: `SELECT * FROM stillwatch.cluster_windows FINAL WHERE subject_id = 'c_1' -- ${HOSTILE}`,
    runbook_url: 'https://runbooks.example/harvesting',
    baseline_note: '',
    cohort: 'free/chat/gpt-/calls-4^3',
    is_acknowledged: false,
    acknowledged_by: '',
    acknowledged_at_ms: 0,
    assignee: '',
    silenced_until_ms: 0,
    mark: '',
    ...over,
  };
}

export const windowRow = (over: Row = {}): Row => ({
  window_end_ms: START + 3_600_000,
  calls: 812,
  accounts: 41,
  verdict: 'harvesting',
  confidence: 0.9,
  ...over,
});

export interface Asked {
  sql: string;
  parameters: Row;
}

/** Answers each question by what the function makes of it; keeps what was asked. */
export function fakeClickHouse(answer: (asked: Asked) => Row[]) {
  const asked: Asked[] = [];
  const inserted: { table: string; rows: readonly Row[] }[] = [];
  return {
    asked,
    inserted,
    async insert(table: string, rows: readonly Row[]): Promise<void> {
      inserted.push({ table, rows });
    },
    async query<Wanted>(sql: string, parameters: Row = {}): Promise<Wanted[]> {
      asked.push({ sql, parameters });
      return answer({ sql, parameters }) as Wanted[]; // canned rows stand in for whatever row type is asked for
    },
  };
}

export function consoleOver(
  clickhouse: ReturnType<typeof fakeClickHouse>,
  lines: string[] = [],
  over: Partial<ConsoleDeps> = {},
) {
  const log = pino({}, { write: (line) => lines.push(line) });
  return createConsole({
    clickhouse,
    database: 'stillwatch',
    log,
    now: () => START,
    port: 0,
    requestsPerMinute: 1_000_000,
    page: PAGE,
    ...over,
  });
}

interface Canned {
  list?: (parameters: Row) => Row[];
  alert?: (parameters: Row) => Row[];
  timeline?: Row[];
  windows?: Row[];
}

/** The questions that a console asks, told apart; what is not about alerts has no rows. */
export function answers({ list, alert, timeline = [], windows = [] }: Canned): (asked: Asked) => Row[] {
  return ({ sql, parameters }) => {
    if (sql.includes('.cluster_windows')) return windows;
    if (sql.includes('OVER ()'))
      return (list?.(parameters) ?? []).map((row) => ({ ...row, open_count: 1, resolved_count: 0 }));
    if (sql.includes('countIf(status')) return [{ open: 1, resolved: 0 }];
    if (sql.includes('exchanges_before_alert')) return alert?.(parameters) ?? [];
    if (sql.includes('LIMIT 1 BY alert_id')) return list?.(parameters) ?? [];
    if (sql.startsWith('SELECT alert_id FROM')) return alert?.(parameters) ?? [];
    return sql.includes('SELECT revision, type') ? timeline : [];
  };
}
