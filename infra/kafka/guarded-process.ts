import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** A process that ends, at the latest, when this one does: however this one ends. */
export interface GuardedProcess {
  pid: number;
  /** Its standard output, line by line. */
  lines: Interface;
  /** Settles when it has ended and was reaped. */
  ended: Promise<void>;
  /** SIGTERM, then SIGKILL after `stopSeconds`. */
  stop(): Promise<void>;
}

export interface GuardedCommand {
  command: string;
  args: readonly string[];
  /** Its standard error is appended here. */
  errors: string;
  stopSeconds: number;
}

export async function spawnGuarded({ command, args, errors, stopSeconds }: GuardedCommand): Promise<GuardedProcess> {
  const log = await open(errors, 'a');
  // Detached: Ctrl-C in a terminal goes to the whole group, and who owns the process decides when it stops.
  const child = spawn('sh', [join(import.meta.dirname, 'guard.sh'), command, ...args], {
    stdio: ['pipe', 'pipe', log.fd],
    detached: true,
    env: { ...process.env, STOP_SECONDS: String(stopSeconds) },
  });
  await log.close();
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('a child started with pipes has none');
  stdin.on('error', () => {}); // the guard ended first: `ended` says so
  const ended = once(child, 'exit').then(() => {});
  const lines = createInterface({ input: stdout });
  const pid = await new Promise<number>((resolve, reject) => {
    lines.once('line', (line) => resolve(Number(/^guarded (\d+)$/.exec(line)?.[1])));
    ended.then(
      () => reject(new Error(`${command} did not start: see ${errors}`)),
      (cause: unknown) => reject(new Error(`sh, which guards ${command}, did not start`, { cause })),
    );
  });
  return {
    pid,
    lines,
    ended,
    async stop() {
      stdin.end();
      await ended;
    },
  };
}
