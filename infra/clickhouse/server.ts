import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import type { Credentials } from './credentials.ts';
import { loadEngine } from './engine.ts';
import { clickHouseError, errorCode, errorText, httpStatus } from './errors.ts';
import { createHandler } from './handler.ts';
import { createSessions } from './sessions.ts';

export interface ServerOptions {
  folder: string;
  credentials: Credentials;
  /** Bytes that the engine may use. */
  memory: number;
}

export interface ClickHouseServer {
  http: Server;
  version: string;
  /** Running requests end first: closing a busy connection aborts the engine. */
  close(): Promise<void>;
}

const SPILL_ABOVE = 64 * 1024;
const MOST_BODY = 8 * 1024 ** 3;

/** ClickHouse's HTTP interface over the embedded engine, which this process owns together with the folder. */
export function createClickHouseServer({ folder, credentials, memory }: ServerOptions): ClickHouseServer {
  const engine = loadEngine();
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  const args = [`--max_server_memory_usage=${memory}`];
  const connect = () => engine.CreateConnection(path, args);
  // Keeps the engine up: it shuts down when its last connection closes. After it, the folder is locked for us.
  const root = connect();
  const spill = join(path, 'http_tmp');
  rmSync(spill, { recursive: true, force: true });
  mkdirSync(spill, { mode: 0o700 });
  const value = (sql: string): string =>
    Buffer.from(engine.QueryWithConnection(root, sql, 'TSV'))
      .toString()
      .trim();
  const version = value('SELECT version()');
  const sessions = createSessions(engine, connect);
  const handle = createHandler({
    engine,
    connect,
    sessions,
    credentials,
    version,
    timezone: value('SELECT timezone()'),
    limits: { folder: spill, spillAbove: SPILL_ABOVE, most: MOST_BODY },
  });

  const http = createServer(
    { keepAliveTimeout: 30_000, requestTimeout: 0, maxHeaderSize: 1 << 20 },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const isPing =
        url.pathname === '/ping' ||
        url.pathname === '/replicas_status' ||
        (request.method === 'GET' && url.pathname === '/' && !url.searchParams.has('query'));
      if (isPing) {
        response.end('Ok.\n');
        return;
      }
      handle(request, response, url).catch((error: unknown) => {
        if (response.headersSent || response.destroyed) {
          response.destroy();
          return;
        }
        const known = error instanceof Error && /Code: \d+\. DB::/.test(error.message);
        const text = errorText(known ? error : clickHouseError(1002, 'UNKNOWN_EXCEPTION', String(error)), version);
        const code = errorCode(text);
        response.statusCode = httpStatus(code);
        response.setHeader('X-ClickHouse-Exception-Code', String(code));
        response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
        response.end(`${text}\n`);
      });
    },
  );
  return {
    http,
    version,
    close: () =>
      new Promise((done) => {
        http.close(() => {
          sessions.closeAll();
          engine.CloseConnection(root);
          done();
        });
        http.closeIdleConnections();
      }),
  };
}
