import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import type { Alert } from '../../services/records/alert.ts';
import type { LinkEvidence } from '../../services/records/assignment.ts';
import { DAY, HOUR } from '../../services/records/window.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { assignmentRow } from '../../services/sink/rows/assignment.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { alertEvent } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';

export const DAYS = 30;
export const ACCOUNTS = 40_000;
/** Of each account and day: its day, nine hours, fifteen minutes. */
const WINDOWS = 25;
const CLUSTERS = 400;
const ACCOUNTS_OF_CLUSTER = 60;
const ALERTS = 3_000;
const REVISIONS = 5;
/** On the hour: where all of it ends. */
const END = Math.floor(Date.now() / HOUR) * HOUR;
const FIRST_DAY = Math.floor(END / DAY) * DAY - DAYS * DAY;

export const accountId = (number: number): string => `acct_${String(number).padStart(8, '0')}`;
export const clusterId = (number: number): string => `c_${String(number).padStart(6, '0')}`;
export const alertId = (number: number): string => `a_${clusterId(number % CLUSTERS)}_${number}`;

/** A month of an API with a million account windows a day, made in the engine: a row's figures are those of a hash, and shares are of its calls. */
export async function fillTables(clickHouse: ClickHouse, database: string, tell: (line: string) => void) {
  await migrateUp(clickHouse, database);
  const accountFeatures = await featureColumns(clickHouse, database, 'account_windows');
  const clusterFeatures = await featureColumns(clickHouse, database, 'cluster_windows');
  for (let day = 0; day < DAYS; day++) {
    await clickHouse.command(accountWindows(database, accountFeatures, FIRST_DAY + day * DAY));
    tell(`${day + 1} of ${DAYS} days`);
  }
  await clickHouse.command(clusterWindows(database, clusterFeatures));
  await inParts(assignments(), (rows, token) => clickHouse.insert('assignments', rows, token));
  await inParts(alerts(), (rows, token) => clickHouse.insert('alerts', rows, token));
  await clickHouse.command(
    `INSERT INTO ${database}.dead_letters SELECT 'llm.api-calls', number % 12, number, ['not_avro', 'missing_key', 'bad_time'][1 + number % 3], 'offset of the record', 400, fromUnixTimestamp64Milli(toInt64(${END} - number * 60000)) FROM numbers(20000)`,
  );
  await clickHouse.command(
    `INSERT INTO ${database}.audit_log SELECT fromUnixTimestamp64Milli(toInt64(${END} - number * 90000)), concat('person-', toString(number % 9)), 'responder', 'acknowledge', concat('a_', toString(number)), '{}', '10.0.0.1' FROM numbers(20000)`,
  );
}

const time = (milliseconds: string): string => `fromUnixTimestamp64Milli(toInt64(${milliseconds}))`;

interface FeatureColumn {
  name: string;
  isShare: boolean;
}

/** Without `calls`, which the others are made from. */
async function featureColumns(clickHouse: ClickHouse, database: string, table: string): Promise<FeatureColumn[]> {
  const found = await clickHouse.query<{ name: string; comment: string }>(
    `SELECT name, comment FROM system.columns WHERE database = '${database}' AND table = '${table}' AND type = 'Nullable(Float64)' AND name NOT IN ('calls', 'confidence')`,
  );
  return found.map(({ name, comment }) => ({ name, isShare: comment.endsWith('[share]') }));
}

/** Values of the features' columns of one row; `calls` is known already. */
function featureValues(columns: readonly FeatureColumn[]): string {
  return columns
    .map(({ name, isShare }) =>
      isShare ? `(cityHash64(number, '${name}') % (calls + 1)) / calls` : `cityHash64(number, '${name}') % 5000`,
    )
    .join(', ');
}

function accountWindows(database: string, columns: readonly FeatureColumn[], dayStart: number): string {
  return `INSERT INTO ${database}.account_windows (account_id, window_size, window_start, window_end, plan, organization_id, country, account_status, verified,
      first_seen, last_seen, calls, ${columns.map(({ name }) => name).join(', ')})
    SELECT concat('acct_', leftPad(toString(account), 8, '0')), size, ${time('start')}, ${time('start + length')},
      ['free', 'pay_as_you_go', 'team', 'enterprise'][1 + account % 4], if(account % 5 = 0, concat('org_', toString(account % 700)), ''), ['US', 'DE', 'IN', 'SG', 'BR'][1 + account % 5], 'active', account % 3 = 0,
      ${time('start + 1000')}, ${time('start + length - 1000')}, calls, ${featureValues(columns)}
    FROM (
      SELECT number, intDiv(number, ${WINDOWS}) AS account, number % ${WINDOWS} AS slot, 1 + cityHash64(number) % 20 AS calls,
        multiIf(slot = 0, 'day', slot < 10, 'hour', 'minute') AS size, multiIf(slot = 0, ${DAY}, slot < 10, 3600000, 60000) AS length,
        ${dayStart} + multiIf(slot = 0, 0, slot < 10, ((slot * 2 + account) % 24) * 3600000, ((slot * 90 + account * 7) % 1440) * 60000) AS start
      FROM numbers(${ACCOUNTS * WINDOWS})
    )`;
}

/** Each cluster's hours and days of the month. */
function clusterWindows(database: string, columns: readonly FeatureColumn[]): string {
  return `INSERT INTO ${database}.cluster_windows (subject_type, subject_id, window_size, window_start, window_end, cohort, verdict, confidence, signatures, rules_hash, sample_accounts,
      first_seen, last_seen, calls, ${columns.map(({ name }) => name).join(', ')})
    SELECT 'cluster', concat('c_', leftPad(toString(cluster), 6, '0')), size, ${time('start')}, ${time('start + length')}, 'all', if(cluster % 4 = 0, 'harvesting', 'none'), (number % 100) / 100,
      map('template-enumeration', (number % 10) / 10, 'hydra-load-balancing', (number % 7) / 10, 'round-the-clock', 0.5), 'r4bc01', [concat('acct_', leftPad(toString(cluster), 8, '0'))],
      ${time('start')}, ${time('start + length')}, calls, ${featureValues(columns)}
    FROM (
      SELECT number, intDiv(number, ${DAYS * 25}) AS cluster, number % ${DAYS * 25} AS slot, 1 + cityHash64(number) % 4000 AS calls,
        if(slot % 25 = 0, 'day', 'hour') AS size, if(slot % 25 = 0, ${DAY}, 3600000) AS length,
        ${FIRST_DAY} + intDiv(slot, 25) * ${DAY} + if(slot % 25 = 0, 0, (slot % 25 - 1) * 3600000) AS start
      FROM numbers(${CLUSTERS * DAYS * 25})
    )`;
}

const EVIDENCE: readonly LinkEvidence[] = [
  { kind: 'payment_fingerprint', attribute: 'pf_1a9c…', accounts: 41, weight: 0.81 },
  { kind: 'signup_batch', attribute: '2026-04-02T03', accounts: 52, weight: 0.44 },
  { kind: 'egress_network', attribute: '203.0.113.0/24', accounts: 33, weight: 0.27 },
  { kind: 'lockstep', attribute: 'five-minute bins', accounts: 58, weight: 0.58 },
];

/** Three of five accounts are in a cluster; one in ten of these came from another. */
function* assignments(): Generator<Record<string, unknown>> {
  for (let number = 0; number < CLUSTERS * ACCOUNTS_OF_CLUSTER; number++) {
    const cluster = clusterId(number % CLUSTERS);
    const evidence = EVIDENCE.filter((_, place) => (number >> place) % 3 !== 0);
    const row = {
      account_id: accountId(number),
      cluster_id: cluster,
      version: 1,
      effective_at: FIRST_DAY + (number % (DAYS * 24)) * HOUR,
      reason: 'joined' as const,
      previous_cluster_id: null,
      cluster_size: ACCOUNTS_OF_CLUSTER,
      evidence,
    };
    yield rowByName(assignmentRow, row);
    if (number % 10 !== 0) continue;
    yield rowByName(assignmentRow, { ...row, version: 2, effective_at: row.effective_at + HOUR, reason: 'merged' });
  }
}

function* alerts(): Generator<Record<string, unknown>> {
  const { alert } = alertEvent();
  for (let number = 0; number < ALERTS; number++) {
    const subject = clusterId(number % CLUSTERS);
    const opened = END - number * 13 * 60_000;
    for (let revision = 1; revision <= REVISIONS; revision++) {
      const shown: Alert = {
        ...alert,
        alert_id: alertId(number),
        revision,
        status: number % 6 === 0 || revision < REVISIONS ? 'open' : 'resolved',
        severity: (['page', 'ticket', 'info'] as const)[number % 3] ?? 'info',
        subject_id: subject,
        opened_at: opened,
        updated_at: opened + revision * HOUR,
        account_count: ACCOUNTS_OF_CLUSTER,
        exchange_count: 1_000 * revision,
        linking_evidence: [...EVIDENCE],
        sample_accounts: Array.from({ length: 20 }, (_, place) => accountId((number % CLUSTERS) + place * CLUSTERS)),
        summary: `${ACCOUNTS_OF_CLUSTER} linked accounts made ${1_000 * revision} calls so far. Consistent with harvesting answers for training.`,
      };
      yield rowByName(alertRow, { type: 'stillwatch.alert.updated', emitted_at: shown.updated_at, alert: shown });
    }
  }
}

const PART = 5_000;

async function inParts(
  rows: Iterable<Record<string, unknown>>,
  insert: (rows: readonly Record<string, unknown>[], token: string) => Promise<void>,
): Promise<void> {
  let part: Record<string, unknown>[] = [];
  let parts = 0;
  const flush = async (): Promise<void> => {
    await insert(part, `part ${parts++}`);
    part = [];
  };
  for (const row of rows) {
    part.push(row);
    if (part.length === PART) await flush();
  }
  if (part.length > 0) await flush();
}

/** A day of the month, as SQL has it. */
export const dayOf = (number: number): string => dateTime(FIRST_DAY + number * DAY).slice(0, 10);
