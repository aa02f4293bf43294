import { once } from 'node:events';
import { resolve } from 'node:path';
import { THREADS } from './engine.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { type ClickHouseServer, createClickHouseServer } from './server.ts';
import { StartError } from './start-error.ts';

/** For running requests at SIGTERM, and for their killed queries after it. */
const GRACE_MS = 5_000;

// Read when libuv's pool is first used, which is later than this.
process.env['UV_THREADPOOL_SIZE'] = String(THREADS);

await main();

async function main(): Promise<void> {
  const options = optionsOrExit();
  let server: ClickHouseServer | null = null;
  // A parent that was killed with -9 says nothing, but its pipe closes. Nobody waits for answers then, and no acknowledged insert is lost.
  if (options.withParent) process.stdin.on('close', killThisProcess).on('error', killThisProcess).resume();
  try {
    const { path, user, password, memoryBytes, grants } = options;
    server = createClickHouseServer({ folder: path, credentials: { user, password }, memoryBytes, grants });
    stopOnSignal(server);
    server.http.listen(options.port, options.host);
    await once(server.http, 'listening');
    const address = server.http.address();
    const port = typeof address === 'object' && address !== null ? address.port : options.port;
    const { version } = server;
    process.stdout.write(
      `${JSON.stringify({ listening: port, host: options.host, path: resolve(path), version, pid: process.pid })}\n`,
    );
  } catch (error) {
    fail(startFailure(error, options));
  }
}

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** The first signal lets running requests end; the second does not wait. */
function stopOnSignal(server: ClickHouseServer): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) killThisProcess();
    isStopping = true;
    // A query that neither ends nor can be killed must not keep the process.
    setTimeout(killThisProcess, 2 * GRACE_MS).unref();
    server.close(GRACE_MS).then(
      () => process.exit(0),
      (error: unknown) => fail(messageOf(error)),
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

function startFailure(error: unknown, { path, host, port }: Options): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const message = messageOf(error).replaceAll(/\s+/g, ' ').trim();
  if (code === 'EADDRINUSE')
    return `port ${port} on ${host} is taken, so ClickHouse cannot listen there: stop what uses it (ss -ltnp), or choose another with --port`;
  if (error instanceof StartError) return error.message;
  return `ClickHouse could not start with the data folder ${resolve(path)} on ${host}:${port}: ${message}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(what: string): never {
  process.stderr.write(`${what}\n`);
  process.exit(1);
}

/** Not `process.exit`: that waits for native threads, which may be in the middle of long queries. */
function killThisProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
