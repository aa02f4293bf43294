import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ServiceProcess {
  name: string;
  /** Its health server. */
  url(): string;
  /** Undefined when it does not run. */
  pid(): number | undefined;
  /** `more`: settings of this run alone; `instead`: the script of this run alone. */
  start(more?: Readonly<Record<string, string>>, instead?: string): Promise<void>;
  /** Resolves when it has ended: with the exit code, null when a signal ended it. */
  ended(): Promise<number | null>;
  /** What it has written so far, in all its runs. */
  log(): Promise<string>;
  /** A message over its channel. */
  tell(message: Record<string, unknown>): void;
  /** Throws when it does not run. */
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface ServiceProcessOptions {
  name: string;
  env: Readonly<Record<string, string>>;
  /** Further arguments, such as --config. */
  args?: readonly string[];
  logFile: string;
  /** Told when it ends without having been asked to: by itself, or by a signal from elsewhere. */
  ended?(name: string, code: number | null, signal: NodeJS.Signals | null): void;
  /** The script that takes `run NAME`; the product's own when absent. */
  main?: string;
}

const MAIN = join(import.meta.dirname, '../../services/main.ts');
const STOP_TIMEOUT = 20_000;

/** A service of stillwatch as a process of its own, which dies with this one in any case: its channel to us closes. */
export function createServiceProcess({
  name,
  env,
  args = [],
  logFile,
  ended,
  main = MAIN,
}: ServiceProcessOptions): ServiceProcess {
  let child: ChildProcess | null = null;
  let url = '';
  let asked = false;

  const gone = async (running: ChildProcess): Promise<void> => {
    if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
  };

  return {
    name,
    url: () => url,
    pid: () => (child?.exitCode === null && child.signalCode === null ? child.pid : undefined),
    async start(more = {}, instead = main) {
      asked = false;
      const running = fork(instead, ['run', name, ...args], {
        env: { ...process.env, ...env, ...more },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
      });
      child = running;
      const log = createWriteStream(logFile, { flags: 'a' });
      running.stdout?.pipe(log, { end: false });
      running.stderr?.pipe(log, { end: false });
      running.once('exit', (code, signal) => {
        log.end();
        if (!asked) ended?.(name, code, signal);
      });
      const started = new Promise<void>((resolve, reject) => {
        running.once('message', (message: { url: string }) => {
          url = message.url;
          resolve();
        });
        running.once('exit', (code) =>
          reject(new Error(`${name} ended with code ${code} before it was up; see ${logFile}`)),
        );
      });
      await started;
    },
    async ended() {
      if (child !== null) await gone(child);
      return child?.exitCode ?? null;
    },
    log: () => readFile(logFile, 'utf8'),
    tell: (message) => child?.send(message),
    signal(signal) {
      if (child?.exitCode !== null || child.signalCode !== null) throw new Error(`${name} does not run`);
      asked ||= signal === 'SIGKILL';
      child.kill(signal);
    },
    async stop() {
      asked = true;
      const running = child;
      if (running === null) return null;
      const killer = setTimeout(() => running.kill('SIGKILL'), STOP_TIMEOUT);
      running.kill('SIGTERM');
      await gone(running);
      clearTimeout(killer);
      return running.exitCode;
    },
    async kill() {
      asked = true;
      const running = child;
      if (running === null) return;
      running.kill('SIGKILL');
      await gone(running);
    },
  };
}
