import type pino from 'pino';
import type { ClickHouse } from '../../../services/platform/clickhouse.ts';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import { sinkSources } from '../../../services/sink/sources.ts';
import type { KafkaClient } from '../../../services/stream/kafka/client.ts';
import { createGlobalTable } from '../../../services/stream/kafka/global-table.ts';
import { readMark } from '../../../services/stream/kafka/marks.ts';
import { TOPICS } from '../../../services/stream/topics.ts';

const codecs = createCodecs(null);

/** What a run left behind: for each table (FINAL) and topic (read committed) its rows as text, sorted. */
export type Snapshot = ReadonlyMap<string, readonly string[]>;

export interface Difference {
  where: string;
  /** In the reference, not in the run. */
  missing: string[];
  /** In the run, not in the reference, or once more than there. */
  extra: string[];
}

/** `ordered`: the order within a partition is part of what is compared. Topics that several tasks write to have none. */
const COMPARED_TOPICS = [
  { topic: TOPICS.accountWindows, ordered: false },
  { topic: TOPICS.linkObservations, ordered: false },
  { topic: TOPICS.assignments, ordered: false },
  { topic: TOPICS.subjectPartials, ordered: false },
  { topic: TOPICS.memberships, ordered: false },
  { topic: TOPICS.clusterWindows, ordered: false },
  { topic: TOPICS.alerts, ordered: true },
  { topic: TOPICS.deadLetters, ordered: false },
  { topic: TOPICS.lateCalls, ordered: false },
  { topic: TOPICS.deliveries, ordered: false },
  { topic: TOPICS.undelivered, ordered: false },
] as const;

/** Of a delivery: when it was made, at which attempt, and at which offset the message stood (behind how many marks of transactions) is the run's own. */
const SAME_DELIVERY = ['target', 'partition', 'alert_id', 'revision', 'status', 'severity', 'http_status'] as const;

export interface SnapshotDeps {
  kafka: KafkaClient;
  clickHouse: ClickHouse;
  database: string;
  log: pino.Logger;
}

export async function takeSnapshot(deps: SnapshotDeps): Promise<Snapshot> {
  const snapshot = new Map<string, string[]>();
  const { clickHouse, database } = deps;
  // Not the migrations: they say when they were applied.
  const tables = await clickHouse.query<{ name: string; engine: string }>(
    "SELECT name, engine FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree' AND name != 'migrations'",
    { database },
  );
  for (const { name, engine } of tables) {
    const final = engine === 'ReplacingMergeTree' ? 'FINAL' : '';
    const columns = name === 'deliveries' ? SAME_DELIVERY.join(', ') : '*';
    const rows = await clickHouse.query<Record<string, unknown>>(`SELECT ${columns} FROM ${database}.${name} ${final}`);
    snapshot.set(`table ${name}`, rows.map((row) => JSON.stringify(row)).sort());
  }
  const read = await Promise.all(COMPARED_TOPICS.map(({ topic, ordered }) => readTopic(deps, topic, ordered)));
  for (const [place, { topic }] of COMPARED_TOPICS.entries())
    snapshot.set(`topic ${topic}`, (read[place] ?? []).sort());
  return snapshot;
}

/** A run that leaves nothing here compares nothing. */
const NEVER_EMPTY = [
  ...['account_windows', 'cluster_windows', 'assignments', 'alerts', 'dead_letters'].map((name) => `table ${name}`),
  ...[TOPICS.alerts, TOPICS.deadLetters, TOPICS.lateCalls].map((topic) => `topic ${topic}`),
  'webhook',
];

export function emptyParts(snapshot: Snapshot): string[] {
  return NEVER_EMPTY.filter((where) => (snapshot.get(where) ?? []).length === 0);
}

/**
 * Tables that were given more rows than their topics hold, in words. FINAL hides a row that was written twice, and a merge removes it; so this is asked of
 * tables that are not merged, where that matters.
 */
export async function writtenTwice({ clickHouse, database }: SnapshotDeps, snapshot: Snapshot): Promise<string[]> {
  const twice: string[] = [];
  for (const { topic, table } of sinkSources(codecs)) {
    const [raw] = await clickHouse.query<{ rows: string }>(`SELECT count() AS rows FROM ${database}.${table}`);
    const rows = Number(raw?.rows ?? 0);
    const records = snapshot.get(`topic ${topic}`)?.length ?? 0;
    if (rows > records) twice.push(`table ${table} was given ${rows} rows for the ${records} records of ${topic}`);
  }
  return twice;
}

async function readTopic({ kafka, log }: SnapshotDeps, topic: string, ordered: boolean): Promise<string[]> {
  const byPartition = new Map<number, string[]>();
  const table = createGlobalTable({
    kafka,
    log,
    topic,
    instance: `snapshot-${topic}-${process.pid}-${Math.round(performance.now())}`,
    async apply(_, partition, messages) {
      const lines = byPartition.get(partition) ?? [];
      byPartition.set(partition, lines);
      for (const message of messages) {
        // How often a watermark is told depends on when was committed.
        if (readMark(message) !== null) continue;
        const { key, value, headers } = message;
        const named = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
        const shown = topic === TOPICS.deliveries ? sameDelivery(value) : value?.toString('base64');
        lines.push(JSON.stringify([key?.toString() ?? null, named.sort(), shown ?? null]));
      }
    },
  });
  await table.start();
  await table.caughtUp();
  await table.stop();
  return [...byPartition].flatMap(([partition, lines]) =>
    lines.map((line, place) => `${partition}${ordered ? `#${String(place).padStart(6, '0')}` : ''} ${line}`),
  );
}

function sameDelivery(value: Buffer | null): unknown[] {
  const decoded = codecs.of('delivery').decode(value);
  if (!decoded.ok) throw new Error(`a delivery cannot be read: ${decoded.detail}`);
  return SAME_DELIVERY.map((name) => decoded.value[name]);
}

/** A fault that has notify begin again has everything told, and taken, again. */
const TOLD_AGAIN = `topic ${TOPICS.deliveries}`;

/** Empty when they are equal. */
export function compareSnapshots(reference: Snapshot, found: Snapshot): Difference[] {
  const differences: Difference[] = [];
  for (const where of new Set([...reference.keys(), ...found.keys()])) {
    const [left = [], right = []] = [reference, found].map((snapshot) => {
      const rows = snapshot.get(where) ?? [];
      return where === TOLD_AGAIN ? [...new Set(rows)] : rows;
    });
    const difference = { where, ...compareSorted(left, right) };
    if (difference.missing.length + difference.extra.length > 0) differences.push(difference);
  }
  return differences;
}

function compareSorted(left: readonly string[], right: readonly string[]): { missing: string[]; extra: string[] } {
  const missing: string[] = [];
  const extra: string[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const a = left[i];
    const b = right[j];
    if (a === b) {
      i++;
      j++;
    } else if (b === undefined || (a !== undefined && a < b)) {
      missing.push(a ?? '');
      i++;
    } else {
      extra.push(b);
      j++;
    }
  }
  return { missing, extra };
}

const MOST_SHOWN = 5;
const WIDEST = 240;

export function describeDifferences(differences: readonly Difference[]): string {
  return differences
    .flatMap(({ where, missing, extra }) => [
      `${where}: ${missing.length} missing, ${extra.length} more than in the reference`,
      ...missing.slice(0, MOST_SHOWN).map((row) => `  - ${row.slice(0, WIDEST)}`),
      ...extra.slice(0, MOST_SHOWN).map((row) => `  + ${row.slice(0, WIDEST)}`),
    ])
    .join('\n');
}
