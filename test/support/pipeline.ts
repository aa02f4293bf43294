import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pino from 'pino';
import type { Stack } from '../../infra/local/stack.ts';
import { type ClickHouse, createClickHouse } from '../../services/platform/clickhouse.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { lastClose } from '../../services/stream/idle.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import type { SeededRandom } from './random.ts';
import { rowByName } from './row-by-name.ts';

const MAIN = join(import.meta.dirname, '../../services/main.ts');
const run = promisify(execFile);

export async function stillwatch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return (await bothOutputs(args, env)).stdout;
}

/** The same, with what it says to whoever sits before it. */
export async function bothOutputs(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ stdout: string; stderr: string }> {
  return await run(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
}

export async function readLines<Value>(file: string): Promise<Value[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The same calls, each moved back in the order by less than the grace: what a network does. */
export async function shuffleWithinGrace(from: string, to: string, grace: number, random: SeededRandom): Promise<void> {
  const calls = await readLines<ApiCall>(from);
  const jittered = calls
    .map((call) => ({ call, at: call.occurred_at + random.below(grace) }))
    .sort((a, b) => a.at - b.at);
  await writeFile(to, jittered.map(({ call }) => `${JSON.stringify(call)}\n`).join(''));
}

export interface Recorder {
  url: string;
  events: { id: string; type: string; data: { alert_id: string; revision: number; severity: string } }[];
  /** Told of each before it is answered. */
  onEvent: (() => void) | null;
  close(): Promise<void>;
}

/** A webhook receiver that remembers. */
export async function recordWebhooks(): Promise<Recorder> {
  const events: Recorder['events'] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      events.push(JSON.parse(body));
      recorder.onEvent?.();
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const recorder: Recorder = {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`,
    events,
    onEvent: null,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return recorder;
}

interface TaskView {
  watermark: number;
  positions: Record<string, { processed: string; committed: string }>;
}

/** Its time has come, and what it said then is committed: a watermark alone is reached in memory first. */
function isThrough({ watermark, positions }: TaskView, end: number): boolean {
  return watermark >= end && Object.values(positions).every(({ processed, committed }) => processed === committed);
}
interface LaneView {
  topic: string;
  partition: number;
  offset: string;
}

/** Resolves when every window of the input is closed, scored, stored and told: watermarks at the end, sinks at the ends of their topics. */
export async function settled(stack: Stack, latestCall: number): Promise<void> {
  const end = lastClose(latestCall);
  const status = async <View>(service: 'clusters' | 'sink' | 'notify'): Promise<View | null> => {
    try {
      const response = await fetch(`${stack.services.get(service)?.url()}/status`);
      return JSON.parse(await response.text());
    } catch {
      return null; // being restarted
    }
  };
  const admin = createKafkaClient(
    { brokers: stack.brokers.split(','), clientId: 'settled' },
    pino({ level: 'silent' }),
  ).admin();
  await admin.connect();
  try {
    for (;;) {
      const clusters = await status<{ score: TaskView[] }>('clusters');
      if (clusters !== null && clusters.score.length > 0 && clusters.score.every((task) => isThrough(task, end))) break;
      await delay(200);
    }
    for (;;) {
      const sink = await status<{ sink: LaneView[] }>('sink');
      const notify = await status<{ notify: LaneView[] }>('notify');
      const lanes = [...(sink?.sink ?? []), ...(notify?.notify ?? [])];
      let behind = sink === null || notify === null;
      for (const topic of new Set(lanes.map((lane) => lane.topic))) {
        const ends = new Map(
          (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, BigInt(high)]),
        );
        for (const lane of lanes)
          if (lane.topic === topic && BigInt(lane.offset) < (ends.get(lane.partition) ?? 0n)) behind = true;
      }
      if (!behind) return;
      await delay(200);
    }
  } finally {
    await admin.disconnect();
  }
}

/** The rows of a replay's folder in tables of their own, so that the engine itself compares them. The queries of its alerts name `live`, the database of the stack that they are compared with. */
export async function loadReplay(
  clickHouse: ClickHouse,
  database: string,
  folder: string,
  live: string,
): Promise<void> {
  await migrateUp(clickHouse, database);
  const alerts = await readLines<
    Parameters<typeof alertRow.values>[0]['alert'] & {
      type: Parameters<typeof alertRow.values>[0]['type'];
      emitted_at: number;
    }
  >(join(folder, 'alerts.jsonl'));
  await clickHouse.insert('account_windows', await readLines(join(folder, 'account-windows.jsonl')), 'replay');
  await clickHouse.insert('cluster_windows', await readLines(join(folder, 'cluster-windows.jsonl')), 'replay');
  await clickHouse.insert(
    'alerts',
    alerts.map(({ type, emitted_at, ...alert }) =>
      rowByName(alertRow, {
        type,
        emitted_at,
        alert: { ...alert, query: alert.query.replaceAll('stillwatch.', `${live}.`) },
      }),
    ),
    'replay',
  );
}

/** Rows that are in one of two tables and not in the other; empty when they are equal. */
export async function difference(
  clickHouse: ClickHouse,
  table: string,
  left: string,
  right: string,
): Promise<{ rows: number; only: Record<string, unknown>[] }> {
  const only: Record<string, unknown>[] = [];
  for (const [a, b] of [
    [left, right],
    [right, left],
  ]) {
    const found = await clickHouse.query<Record<string, unknown>>(
      `SELECT '${a}' AS only_in, * FROM (SELECT * FROM ${a}.${table} FINAL EXCEPT SELECT * FROM ${b}.${table} FINAL) LIMIT 5`,
    );
    only.push(...found);
  }
  const [count] = await clickHouse.query<{ rows: string }>(`SELECT count() AS rows FROM ${left}.${table} FINAL`);
  return { rows: Number(count?.rows ?? 0), only };
}

export function openClickHouseForTest(url: string, database: string): ClickHouse {
  return createClickHouse({ url, database });
}
