import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createMarkStore } from '../feedback/marks.ts';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { StillwatchError } from '../platform/errors.ts';
import { createAlertStore } from './alert-store.ts';
import { addApi } from './api.ts';
import { addMarks, MARK_HINT } from './marks.ts';
import { addPage } from './page.ts';

export interface ConsoleDeps {
  clickhouse: Pick<ClickHouse, 'query' | 'insert'>;
  database: string;
  log: Logger;
  now(): number;
  /** The loopback when not given: the console asks nobody who they are. */
  host?: string;
  /** 0: a free one. */
  port: number;
}

export interface Console {
  /** Rejects with PORT_TAKEN, or with CONFIG_INVALID for an address that is not to be had. */
  listen(): Promise<{ url: string }>;
  close(): Promise<void>;
  /** For tests: requests without a socket. */
  app: FastifyInstance;
}

/** Nothing inline, nothing from elsewhere: what an attacker puts into a user agent cannot become script here. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** What on-call reads: an API over the alert and window tables, and a page on it. It writes nothing but on-call's marks. */
export function createConsole({ clickhouse, database, log, now, host = '127.0.0.1', port }: ConsoleDeps): Console {
  const app = Fastify({
    logger: false,
    // Longer than any id that is taken, so that a longer one is told so instead of not being found.
    routerOptions: { maxParamLength: 2_000 },
    bodyLimit: 1_024,
    // A misspelt parameter must not silently answer another question.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true } },
    forceCloseConnections: true,
    // A path that is not URL encoding never reaches the routes, nor their hooks and error handler.
    frameworkErrors(error, { method, url }, { raw }) {
      raw.writeHead(400, { ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
      raw.end(JSON.stringify(badRequest(error.message, method, url)));
    },
  });
  app.addHook('onSend', async (_, reply) => {
    reply.headers(HEADERS);
  });
  addErrors(app, log);
  addApi(app, createAlertStore(clickhouse.query, database));
  addMarks(app, createMarkStore(clickhouse, database, now));
  addPage(app);

  return {
    app,
    async listen() {
      try {
        return { url: await app.listen({ host, port }) };
      } catch (error) {
        throw cannotListen(host, port, error);
      }
    },
    close: () => app.close(),
  };
}

function addErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler(
    async (error: Error & { validation?: unknown; statusCode?: number }, { method, url, routeOptions }, reply) => {
      const code = error.statusCode ?? 500;
      if (error.validation !== undefined || (code >= 400 && code < 500))
        return await reply.code(code).send(badRequest(error.message, method, url));
      log.error({ err: error, route: routeOptions.url }, 'a request failed');
      return await reply.code(503).send({
        error: 'unavailable',
        what: 'the alerts could not be read or marked',
        where: `${method} ${url}`,
        hint: "try again; if it stays, see the console's log and whether ClickHouse answers",
      });
    },
  );
  app.setNotFoundHandler(async ({ method, url }, reply) => {
    const isReading = method === 'GET' || method === 'HEAD';
    return await reply.code(isReading ? 404 : 405).send({
      error: isReading ? 'not_found' : 'read_only',
      what: isReading ? 'there is nothing here' : 'the console only reads, but for marks',
      where: `${method} ${url}`,
      hint: 'GET /, /api/alerts, /api/alerts/<alert_id> or /api/health; GET or POST /api/alerts/<alert_id>/marks',
    });
  });
}

function badRequest(what: string, method: string, url: string): Record<string, string> {
  const hint =
    method === 'POST'
      ? MARK_HINT
      : 'GET /api/alerts takes status (open, resolved), severity (page, ticket, info), limit (1 to 200) and before (the `next` of the page before)';
  return { error: 'bad_request', what, where: `${method} ${url}`, hint };
}

function cannotListen(host: string, port: number, cause: unknown): StillwatchError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'error';
  const what = `the console cannot listen on ${host}:${port} (${code})`;
  if (code === 'EADDRINUSE') {
    const hint = 'stop what uses the port (ss -ltnp shows it), or set console.port to another one or to 0';
    return new StillwatchError('PORT_TAKEN', what, hint, cause);
  }
  const hint =
    'set console.host to an address of this machine, and console.port to 0 or to one that this user may open';
  return new StillwatchError('CONFIG_INVALID', what, hint, cause);
}
