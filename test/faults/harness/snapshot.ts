import type pino from 'pino';
import type { ClickHouse } from '../../../services/platform/clickhouse.ts';
import type { KafkaClient } from '../../../services/stream/kafka/client.ts';
import { createGlobalTable } from '../../../services/stream/kafka/global-table.ts';
import { TOPICS } from '../../../services/stream/topics.ts';

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
  { topic: TOPICS.alerts, ordered: true },
  { topic: TOPICS.deadLetters, ordered: false },
  { topic: TOPICS.lateCalls, ordered: false },
] as const;

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
    const rows = await clickHouse.query<Record<string, unknown>>(`SELECT * FROM ${database}.${name} ${final}`);
    snapshot.set(`table ${name}`, rows.map((row) => JSON.stringify(row)).sort());
  }
  for (const { topic, ordered } of COMPARED_TOPICS)
    snapshot.set(`topic ${topic}`, (await readTopic(deps, topic, ordered)).sort());
  return snapshot;
}

async function readTopic({ kafka, log }: SnapshotDeps, topic: string, ordered: boolean): Promise<string[]> {
  const byPartition = new Map<number, string[]>();
  const table = createGlobalTable({
    kafka,
    log,
    topic,
    instance: `snapshot-${process.pid}-${Math.round(performance.now())}`,
    async apply(_, partition, messages) {
      const lines = byPartition.get(partition) ?? [];
      byPartition.set(partition, lines);
      for (const { key, value, headers } of messages) {
        const named = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
        lines.push(JSON.stringify([key?.toString() ?? null, named.sort(), value?.toString('base64') ?? null]));
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

/** Empty when they are equal. */
export function compareSnapshots(reference: Snapshot, found: Snapshot): Difference[] {
  const differences: Difference[] = [];
  for (const where of new Set([...reference.keys(), ...found.keys()])) {
    const difference = { where, ...compareSorted(reference.get(where) ?? [], found.get(where) ?? []) };
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
