import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

/** The engine listens on the loopback only; a container's is its own, so here is a way in from outside of it, on the port of the official image. */
const PORT = 8_123;
const INNER = 8_124;

const { CLICKHOUSE_USER = 'default', CLICKHOUSE_PASSWORD = '' } = process.env;
const settings = { '--path': '/var/lib/clickhouse', '--port': String(INNER), '--user': CLICKHOUSE_USER };
const engine = spawn(
  process.execPath,
  ['/opt/stillwatch/infra/clickhouse/main.ts', ...Object.entries(settings).flat(), '--password', CLICKHOUSE_PASSWORD],
  { stdio: 'inherit' },
);
engine.on('exit', (code) => process.exit(code ?? 1));
process.on('SIGTERM', () => engine.kill('SIGTERM'));
createServer((client) => {
  const inner = connect(INNER, '127.0.0.1');
  const end = (): void => {
    client.destroy();
    inner.destroy();
  };
  for (const socket of [client, inner]) socket.on('error', end).on('close', end);
  client.pipe(inner).pipe(client);
}).listen(PORT, '0.0.0.0');
