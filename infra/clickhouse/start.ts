import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ClickHouseOptions {
  /** Data and log; kept between runs. */
  dir: string;
  /** A free one when absent. */
  port?: number;
  password?: string;
}

export interface LocalClickHouse {
  /** What CLICKHOUSE_URL wants. */
  url: string;
  pid: number;
  stop(): Promise<void>;
  /** SIGKILL: what a fault test wants. */
  kill(): Promise<void>;
}

/** Queries each hold a thread of libuv's pool. */
const THREADS = '32';
const STOP_TIMEOUT = 15_000;

/** Starts the engine as a process of its own, which dies with this one in any case, and waits until it listens. */
export async function startClickHouse({
  dir,
  port = 0,
  password = randomBytes(12).toString('hex'),
}: ClickHouseOptions): Promise<LocalClickHouse> {
  await mkdir(dir, { recursive: true });
  const logFile = join(dir, 'clickhouse.log');
  const log = await open(logFile, 'w');
  const args = [
    join(import.meta.dirname, 'main.ts'),
    '--path',
    join(dir, 'data'),
    '--port',
    String(port),
    '--password',
    password,
    '--with-parent',
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', log.fd],
    detached: true,
    env: { ...process.env, UV_THREADPOOL_SIZE: THREADS },
  });
  await log.close();
  const listening = await firstLine(child);
  if (listening === null)
    throw new Error(`ClickHouse did not start: ${(await readFile(logFile, 'utf8')).trim().slice(-2_000)}`);
  const { listening: actual }: { listening: number } = JSON.parse(listening);
  const gone = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return {
    url: `http://default:${password}@127.0.0.1:${actual}`,
    pid: child.pid ?? 0,
    async stop() {
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
      child.kill('SIGTERM');
      await gone();
      clearTimeout(killer);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone();
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string | null> {
  if (child.stdout === null) return null;
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [null])]);
  return typeof line === 'string' ? line : null;
}
