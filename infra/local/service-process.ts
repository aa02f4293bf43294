import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

export interface ServiceProcess {
  name: string;
  /** Its health server. */
  url(): string;
  pid(): number | undefined;
  /** `more`: settings that are known only now, as environment variables. */
  start(more?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface ServiceProcessOptions {
  name: string;
  env: Readonly<Record<string, string>>;
  logFile: string;
  /** Told when it ends without having been asked to. */
  ended?(name: string, code: number | null): void;
}

const MAIN = join(import.meta.dirname, '../../services/main.ts');
const STOP_TIMEOUT = 20_000;

/** A service of stillwatch as a process of its own, which dies with this one in any case: its channel to us closes. */
export function createServiceProcess({ name, env, logFile, ended }: ServiceProcessOptions): ServiceProcess {
  let child: ChildProcess | null = null;
  let url = '';
  let asked = false;

  const gone = async (running: ChildProcess): Promise<void> => {
    if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
  };

  return {
    name,
    url: () => url,
    pid: () => child?.pid,
    async start(more = {}) {
      asked = false;
      const running = fork(MAIN, ['run', name], {
        env: { ...process.env, ...env, ...more },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
      });
      child = running;
      const log = createWriteStream(logFile, { flags: 'a' });
      running.stdout?.pipe(log, { end: false });
      running.stderr?.pipe(log, { end: false });
      running.once('exit', (code) => {
        log.end();
        if (!asked) ended?.(name, code);
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
