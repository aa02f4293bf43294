import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { Credentials } from './credentials.ts';
import { freshInsertFolder } from './data-folder.ts';
import { openEngine } from './engine.ts';
import { errorCode, errorText, httpStatus } from './errors.ts';
import { createHandler } from './handler.ts';
import { killAll } from './kill.ts';
import { createSessions } from './sessions.ts';

export interface ServerOptions {
  /** The engine's data, made when absent. One process at a time may have it. */
  folder: string;
  credentials: Credentials;
  /** What the engine may use in all, in bytes. */
  memoryBytes: number;
  /** All that a client may do; null: everything. */
  grants?: readonly string[] | null;
}

export interface ClickHouseServer {
  http: Server;
  version: string;
  /** Running requests have `graceMs` to end, then their queries are killed and their connections closed. */
  close(graceMs: number): Promise<void>;
}

/** Opens the engine and makes ClickHouse's HTTP interface over it; the caller says where it listens. */
export function createClickHouseServer({
  folder,
  credentials,
  memoryBytes,
  grants = null,
}: ServerOptions): ClickHouseServer {
  const path = resolve(folder);
  const engine = openEngine({ folder: path, memoryBytes, grants });
  const sessions = createSessions(engine);
  const handle = createHandler({ engine, sessions, credentials, folder: freshInsertFolder(path) });
  const running = new Set<Promise<void>>();

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (!http.listening) response.setHeader('Connection', 'close');
      const url = URL.parse(request.url ?? '/', 'http://localhost');
      if (url === null || isHealthCheck(request, url))
        sendPlain(response, url === null ? 400 : 200, url === null ? 'Bad URL\n' : 'Ok.\n');
      else await handle(request, response, url.searchParams);
    } catch (error) {
      sendError(response, errorText(error, engine.version));
    }
  };

  const http = createServer(
    { keepAliveTimeout: 30_000, requestTimeout: 0, maxHeaderSize: 1 << 20 },
    (request, response) => {
      const answered: Promise<void> = onRequest(request, response).finally(() => running.delete(answered));
      running.add(answered);
    },
  );

  return {
    http,
    version: engine.version,
    async close(graceMs) {
      const closed = new Promise((done) => http.close(done));
      const hurry = setTimeout(() => {
        http.closeAllConnections();
        killAll(engine);
      }, graceMs);
      await closed;
      // A query may outlive its connection, and closing under a running query aborts the process.
      await Promise.all(running);
      clearTimeout(hurry);
      sessions.closeAll();
      engine.close();
    },
  };
}

/** Asked without credentials. */
function isHealthCheck(request: IncomingMessage, { pathname, searchParams }: URL): boolean {
  if (pathname === '/ping' || pathname === '/replicas_status') return true;
  return request.method === 'GET' && pathname === '/' && !searchParams.has('query');
}

function sendPlain(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(text);
}

function sendError(response: ServerResponse, text: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const code = errorCode(text);
  response.setHeader('X-ClickHouse-Exception-Code', String(code));
  sendPlain(response, httpStatus(code), `${text}\n`);
}
