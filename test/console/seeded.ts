import pino from 'pino';
import { type Console, type ConsoleDeps, createConsole } from '../../services/console/console.ts';
import { type ClickHouse, createClickHouse } from '../../services/platform/clickhouse.ts';
import type { Alert, AlertFeature } from '../../services/records/alert.ts';
import type { Assignment, LinkEvidence } from '../../services/records/assignment.ts';
import { HOUR } from '../../services/records/window.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { assignmentRow } from '../../services/sink/rows/assignment.ts';
import { deliveryRow } from '../../services/sink/rows/delivery.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { undeliveredRow } from '../../services/sink/rows/undelivered.ts';
import { startClickHouseForTest } from '../support/clickhouse.ts';
import { alertEvent } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';

/** Would set a global if it ever became markup. */
export const HOSTILE = '<img src=x onerror="globalThis.owned=true">';
/** Spaces, slashes, hash and percent sign: an id survives the address. */
export const ODD_ID = 'a/c #2 100%';
export const CLUSTER = 'c_7f3a91';
export const CAMPAIGN = `a_${CLUSTER}`;
/** Accounts of the campaign. */
export const ACCOUNTS = 2_400;
/** On the hour, the end of everything that is seeded. */
export const END = Math.floor(Date.now() / HOUR) * HOUR;
const HOURS = 60;
export const RESOLVED = 60;

const feature = (
  name: string,
  value: number,
  unit: string,
  percentile: number | null,
  [threshold, threshold_full]: readonly [from: number, full: number],
  contribution: number,
  baseline_quantiles: number[] = [],
): AlertFeature => ({
  name,
  value,
  unit,
  baseline_percentile: percentile,
  threshold,
  threshold_full,
  baseline_quantiles,
  contribution,
});

const SIGNATURES: Alert['signatures'] = [
  {
    name: 'template-enumeration',
    version: 1,
    score: 0.93,
    features: [
      feature('enumerated_share', 0.7531, 'share', 99.6, [0.2, 0.5], 0.5, [0, 0, 0.01, 0.04, 0.12, 0.31]),
      feature('near_duplicate_share', 0.82, 'share', 97.1, [0.3, 0.7], 0.25, [0, 0.02, 0.1, 0.25, 0.6, 0.9]),
      feature('fresh_filling_share', 0.94, 'share', 61.4, [0.8, 0.95], 0.18, [0.4, 0.7, 0.9, 0.98, 1, 1]),
    ],
  },
  {
    name: 'hydra-load-balancing',
    version: 2,
    score: 0.71,
    features: [
      feature('evenness_excess', -0.04, 'ratio', 2.1, [0.8, 0.1], 0.4, [0.3, 0.9, 2.2, 6.5, 20, 41]),
      feature('evenness_gini', 0.18, 'ratio', null, [0.55, 0.3], 0.2),
      feature('arrival_dispersion', 1.31, 'ratio', 8.4, [2.5, 1.2], 0.11),
      feature('replacement_share', 0.001, 'share', 50, [0.002, 0.02], 0, [0, 0, 0, 0, 0.001, 0.01]),
    ],
  },
  {
    name: 'chain-of-thought-elicitation',
    version: 1,
    score: 0.64,
    features: [feature('chain_of_thought_share', 0.31, 'share', 98.2, [0.12, 0.35], 0.64, [0, 0, 0, 0.02, 0.15, 0.4])],
  },
];

const EVIDENCE: LinkEvidence[] = [
  { kind: 'payment_fingerprint', attribute: 'pf_1a9c…', accounts: 812, weight: 0.81 },
  { kind: 'signup_batch', attribute: '2026-04-02T03', accounts: 1_700, weight: 0.44 },
  { kind: 'egress_network', attribute: '203.0.113.0/24', accounts: 1_150, weight: 0.27 },
  { kind: 'client', attribute: 'b41f07…', accounts: 2_310, weight: 0.12 },
  { kind: 'lockstep', attribute: 'five-minute bins', accounts: 1_980, weight: 0.58 },
];

function campaign(over: Partial<Alert> = {}): Alert {
  return {
    ...alertEvent().alert,
    alert_id: CAMPAIGN,
    revision: 3,
    subject_id: CLUSTER,
    opened_at: END - 30 * HOUR,
    updated_at: END,
    first_seen: END - HOURS * HOUR,
    last_seen: END - 4_000,
    account_count: ACCOUNTS,
    exchange_count: 184_220,
    exchanges_before_alert: 2_150,
    confidence: 0.97,
    signatures: SIGNATURES,
    linking_evidence: EVIDENCE,
    sample_accounts: ['acct_00000', 'acct_00001', HOSTILE],
    sample_event_ids: ['evt_1', 'evt_2', HOSTILE],
    rules_hash: 'r4bc01',
    query: `SELECT * FROM stillwatch.cluster_windows FINAL WHERE subject_id = '${CLUSTER}' AND window_size = 'hour' ORDER BY window_end -- ${HOSTILE}`,
    runbook_url: 'https://runbooks.example.org/stillwatch/harvesting.md',
    summary: `${ACCOUNTS} linked accounts made 184220 calls so far. Consistent with harvesting answers for training.`,
    ...over,
  };
}

function alerts(): Alert[] {
  const quiet = { signatures: [], linking_evidence: [] };
  return [
    campaign({
      revision: 1,
      severity: 'ticket',
      updated_at: END - 30 * HOUR,
      exchange_count: 2_150,
      account_count: 310,
      confidence: 0.55,
    }),
    campaign({
      revision: 2,
      updated_at: END - 20 * HOUR,
      exchange_count: 61_000,
      account_count: 1_400,
      confidence: 0.9,
    }),
    campaign(),
    campaign({
      alert_id: ODD_ID,
      revision: 1,
      severity: 'ticket',
      subject_id: `${CLUSTER}~product`,
      account_count: 18,
      exchange_count: 911,
      confidence: 0.61,
      opened_at: END - 3 * HOUR,
      updated_at: END - HOUR,
      runbook_url: 'javascript:owned=true',
      summary: `Odd ${HOSTILE}`,
    }),
    campaign({
      alert_id: 'a_c_pool',
      revision: 1,
      severity: 'info',
      verdict: 'coordinated_pool',
      subject_id: 'c_pool',
      account_count: 64,
      exchange_count: 20_400,
      confidence: 0.12,
      opened_at: END - 9 * HOUR,
      updated_at: END - 2 * HOUR,
      summary:
        '64 linked accounts made 20400 calls so far. Operated as one pool; the traffic as a whole does not look like training data.',
      ...quiet,
    }),
    campaign({
      alert_id: 'a_acct_loud',
      revision: 1,
      severity: 'page',
      subject_type: 'account',
      subject_id: 'acct_loud',
      account_count: 1,
      exchange_count: 9_100,
      confidence: 0.83,
      opened_at: END - 5 * HOUR,
      updated_at: END - 3 * HOUR,
      summary: 'One account made 9100 calls so far. Consistent with harvesting answers for training.',
      linking_evidence: [],
    }),
    ...Array.from({ length: RESOLVED }, (_, n) =>
      campaign({
        alert_id: `a_done_${String(n).padStart(2, '0')}`,
        status: 'resolved',
        severity: n % 3 === 0 ? 'ticket' : 'info',
        verdict: 'coordinated_pool',
        subject_id: `c_done_${n}`,
        account_count: 5 + n,
        exchange_count: 100 * n,
        opened_at: END - (100 + n) * HOUR,
        updated_at: END - (50 + n) * HOUR,
        summary: `Resolved number ${n}.`,
        ...quiet,
      }),
    ),
  ];
}

/** More calls by day than by night, and more every day. */
const callsAt = (hour: number): number => Math.round(1_000 + 60 * hour + 900 * Math.sin((hour / 24) * 2 * Math.PI));

function clusterWindows(): Record<string, unknown>[] {
  const row = (subject_id: string, hour: number, share: number) => ({
    subject_type: subject_id.startsWith('acct') ? 'account' : 'cluster',
    subject_id,
    window_size: 'hour',
    window_start: dateTime(END - (hour + 1) * HOUR),
    window_end: dateTime(END - hour * HOUR),
    cohort: 'all',
    verdict: hour < 30 ? 'harvesting' : 'none',
    confidence: hour < 30 ? 0.97 : 0.2,
    signatures: {
      'template-enumeration': hour < 30 ? 0.93 : 0.3,
      'hydra-load-balancing': 0.71,
      'round-the-clock': 0.62,
    },
    rules_hash: hour < 20 ? 'r4bc01' : 'r0001a',
    first_seen: dateTime(END - (hour + 1) * HOUR),
    last_seen: dateTime(END - hour * HOUR),
    calls: Math.round(callsAt(HOURS - hour) * share),
    accounts: Math.max(1, Math.round((ACCOUNTS - 30 * hour) * share)),
  });
  return Array.from({ length: HOURS }, (_, hour) => hour).flatMap((hour) => [
    row(CLUSTER, hour, 1),
    row(`${CLUSTER}~product`, hour, 0.05),
    ...(hour % 5 === 0 ? [] : [row('c_pool', hour, 0.3)]),
    row('acct_loud', hour, 0.2),
  ]);
}

function assignments(): Assignment[] {
  const join = (number: number): Assignment => ({
    account_id: `acct_${String(number).padStart(5, '0')}`,
    cluster_id: CLUSTER,
    version: 1,
    effective_at: END - (HOURS - (number % 50)) * HOUR,
    reason: number % 4 === 0 ? 'merged' : 'joined',
    previous_cluster_id: number % 4 === 0 ? 'c_0b22fe' : null,
    cluster_size: number + 1,
    evidence: EVIDENCE.filter((_, place) => (number >> place) % 3 !== 0 || place === number % EVIDENCE.length),
  });
  const all = Array.from({ length: ACCOUNTS }, (_, number) => join(number));
  const [first] = all;
  if (first === undefined) throw new RangeError('no accounts');
  const left: Assignment = { ...first, account_id: 'acct_left', evidence: [] };
  return [
    ...all,
    left,
    { ...left, version: 2, cluster_id: null, previous_cluster_id: CLUSTER, reason: 'left', effective_at: END - HOUR },
  ];
}

function accountWindows(): Record<string, unknown>[] {
  return Array.from({ length: 40 }, (_, hour) => ({
    account_id: 'acct_00001',
    window_size: 'hour',
    window_start: dateTime(END - (hour + 1) * HOUR),
    window_end: dateTime(END - hour * HOUR),
    plan: 'pay_as_you_go',
    organization_id: HOSTILE,
    country: 'SG',
    account_status: 'active',
    verified: false,
    first_seen: dateTime(END - (hour + 1) * HOUR),
    last_seen: dateTime(END - hour * HOUR),
    calls: 1 + (hour % 4),
    input_tokens: 400,
    output_tokens: 1_900,
    product_share: 0.5,
    error_share: 0,
  })).filter((_, hour) => hour % 7 !== 3);
}

/** Tables on the real engine, with a campaign of thousands of accounts, a loud account, a pool, a long past, and an attacker's texts in all of it. */
export async function seed(clickHouse: ClickHouse, database: string): Promise<void> {
  await migrateUp(clickHouse, database);
  const { type, emitted_at } = alertEvent();
  await clickHouse.insert(
    'alerts',
    alerts().map((alert) => rowByName(alertRow, { type, emitted_at, alert })),
    'seed',
  );
  await clickHouse.insert('cluster_windows', clusterWindows(), 'seed');
  await clickHouse.insert('account_windows', accountWindows(), 'seed');
  await clickHouse.insert(
    'assignments',
    assignments().map((each) => rowByName(assignmentRow, each)),
    'seed',
  );
  const letter = { topic: 'llm.api-calls', partition: 0, reason: 'not_avro', detail: HOSTILE, bytes: 12 };
  await clickHouse.insert(
    'dead_letters',
    [1, 2, 3].map((offset) => ({ ...letter, offset, timestamp: dateTime(END - offset * HOUR) })),
    'seed',
  );
  await clickHouse.insert(
    'deliveries',
    [1, 2, 3].map((revision) =>
      rowByName(deliveryRow, {
        alert_id: campaign().alert_id,
        revision,
        subject_type: 'cluster',
        subject_id: CLUSTER,
        status: 'open',
        severity: 'page',
        target: 'abuse-channel',
        partition: 0,
        offset: revision,
        attempts: revision,
        http_status: 202,
        emitted_at: END - HOUR,
        delivered_at: END - HOUR + 700,
      }),
    ),
    'seed',
  );
  await clickHouse.insert(
    'undelivered',
    [1, 2].map((revision) =>
      rowByName(undeliveredRow, {
        target: 'oncall',
        reason: 'HTTP 401',
        attempts: 1,
        partition: 0,
        offset: String(revision),
        event: { type, emitted_at: END - HOUR, alert: campaign({ revision }) },
      }),
    ),
    'seed',
  );
}

/** Tables of their own on the real engine; everything of it ends with `stop`. */
export async function startSeededTables() {
  const database = `console_${process.pid}`;
  const server = await startClickHouseForTest();
  const clickHouse = createClickHouse({ url: server.url, database });
  await seed(clickHouse, database);
  return {
    url: server.url,
    clickHouse,
    database,
    /** A console over the tables; what it logs goes to `lines`. */
    console(over: Partial<ConsoleDeps> = {}, lines: string[] = []): Console {
      const log = pino({}, { write: (line) => lines.push(line) });
      return createConsole({
        clickhouse: clickHouse,
        database,
        log,
        now: Date.now,
        port: 0,
        requestsPerMinute: 1_000_000,
        ...over,
      });
    },
    async stop() {
      await clickHouse.command(`DROP DATABASE IF EXISTS ${database}`);
      await clickHouse.close();
      await server.stop();
    },
  };
}
