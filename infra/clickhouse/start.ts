import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { THREADS } from './engine.ts';

export interface ClickHouseOptions {
  /** Data and `clickhouse.log`; kept between runs. */
  dir: string;
  /** A free one when absent or 0. */
  port?: number;
  /** A random one when absent. */
  password?: string;
  /** What the engine may use in all, in bytes; 2 GiB when absent. */
  memoryBytes?: number;
  /** All that a client may do, such as `SELECT ON db.*`; everything when absent. */
  grants?: readonly string[];
}

export interface LocalClickHouse {
  /** What CLICKHOUSE_URL wants: with user and password. */
  url: string;
  pid: number;
  /** Lets running requests end, for some seconds. */
  stop(): Promise<void>;
  /** SIGKILL, for tests of faults. */
  kill(): Promise<void>;
}

/** Longer than the process itself takes, which kills what does not end (main.ts). */
const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts the engine as a process of its own, which ends with this one in any case, and waits until it listens. Throws with the process's own words when
 * it does not come up.
 */
export async function startClickHouse({
  dir,
  port = 0,
  password = randomPassword(),
  memoryBytes,
  grants = [],
}: ClickHouseOptions): Promise<LocalClickHouse> {
  const folder = resolve(dir);
  await mkdir(folder, { recursive: true });
  const args = ['--path', join(folder, 'data'), '--port', String(port), '--password', password, '--with-parent'];
  if (memoryBytes !== undefined) args.push('--memory-bytes', String(memoryBytes));
  for (const grant of grants) args.push('--grant', grant);
  const log = await openLog(join(folder, 'clickhouse.log'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: ['pipe', 'pipe', log.fd],
    // Out of the terminal's process group: Ctrl-C is for the parent, which stops its services in the right order.
    detached: true,
    env: { ...process.env, UV_THREADPOOL_SIZE: String(THREADS) },
  });
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(signal === null ? `exit code ${code}` : signal));
  });
  await log.close();
  const line = await Promise.race([firstLine(child), ended.then(() => null)]);
  if (line === null) throw new Error(`ClickHouse did not start (${await ended}): ${await log.text()}`);
  const { listening, pid }: { listening: number; pid: number } = JSON.parse(line);
  return {
    url: `http://default:${encodeURIComponent(password)}@127.0.0.1:${listening}`,
    pid,
    async stop() {
      const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(impatience);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function randomPassword(): string {
  return randomBytes(12).toString('hex');
}

/** Appended to, so that the last words of a process outlive the next start. */
async function openLog(path: string): Promise<{ fd: number; close(): Promise<void>; text(): Promise<string> }> {
  const file = await open(path, 'a');
  const { size } = await file.stat();
  return {
    fd: file.fd,
    close: () => file.close(),
    text: async () => (await readFile(path)).subarray(size).toString().trim(),
  };
}

/** Null when the process ends without one. */
async function firstLine({ stdout }: ChildProcess): Promise<string | null> {
  if (stdout === null) return null;
  const lines = createInterface({ input: stdout });
  const [line]: unknown[] = await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [null])]);
  return typeof line === 'string' ? line : null;
}
