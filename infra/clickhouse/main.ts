import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createClickHouseServer } from './server.ts';

const USAGE = `The ClickHouse engine behind its HTTP interface, for development and tests.

  node infra/clickhouse/main.ts --path DIR [--port 8123] [--user default] [--password PASSWORD] [--memory BYTES] [--with-parent]

Listens on 127.0.0.1 only: SQL can read local files. --with-parent ends it when its standard input closes.
`;

const { values } = parseArgs({
  options: {
    path: { type: 'string' },
    port: { type: 'string', default: '8123' },
    user: { type: 'string', default: 'default' },
    password: { type: 'string', default: '' },
    memory: { type: 'string', default: String(2 * 1024 ** 3) },
    'with-parent': { type: 'boolean', default: false },
  },
});
if (values.path === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}

const fail = (what: string): never => {
  process.stderr.write(`${what}\n`);
  process.exit(1);
};

try {
  const server = createClickHouseServer({
    folder: values.path,
    credentials: { user: values.user, password: values.password },
    memory: Number(values.memory),
  });
  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  // A parent killed with -9 says nothing, but its pipe closes.
  if (values['with-parent']) process.stdin.on('end', () => process.exit(0)).resume();
  server.http.listen(Number(values.port), '127.0.0.1');
  await once(server.http, 'listening');
  const address = server.http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ listening: port, version: server.version, pid: process.pid })}\n`);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  if (/EADDRINUSE/.test(message))
    fail(
      `port ${values.port} on 127.0.0.1 is taken, ClickHouse cannot listen there: stop what uses it (ss -ltnp), or choose another with --port`,
    );
  if (/lock|another server/i.test(message))
    fail(
      `the folder ${values.path} is in use by another ClickHouse: stop it, or choose another with --path (${message.slice(0, 200)})`,
    );
  fail(message);
}
