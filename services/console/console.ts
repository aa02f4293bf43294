import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { StillwatchError } from '../platform/errors.ts';
import { type AlertStore, createAlertStore, type Query } from './alert-store.ts';

export interface ConsoleDeps {
  clickhouse: { query: Query };
  database: string;
  log: Logger;
  host: string;
  port: number;
}

export interface Console {
  listen(): Promise<{ url: string }>;
  close(): Promise<void>;
  /** For tests: requests without a socket. */
  app: FastifyInstance;
}

const PAGE = join(import.meta.dirname, 'page');
const FILES: Readonly<Record<string, [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};

/** Nothing inline, nothing from elsewhere: what an attacker puts into a user agent cannot become script here. */
const HEADERS = {
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

const LIST_QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    status: { type: 'string', enum: ['open', 'resolved'] },
    severity: { type: 'string', enum: ['page', 'ticket', 'info'] },
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    before: { type: 'string', pattern: '^\\d{1,16}~.{1,300}$' },
  },
} as const;

/** What on-call reads: an API over the alert and window tables, and a page on it. It only reads; it binds to the loopback unless told otherwise. */
export function createConsole({ clickhouse, database, log, host, port }: ConsoleDeps): Console {
  const app = Fastify({ logger: false, routerOptions: { maxParamLength: 300 }, bodyLimit: 64 * 1024 });
  const store: AlertStore = createAlertStore(clickhouse.query, database);

  app.addHook('onSend', async (_, reply) => {
    reply.headers(HEADERS);
  });
  app.setErrorHandler(async (error: Error & { validation?: unknown }, request, reply) => {
    if (error.validation !== undefined)
      return await reply.code(400).send({
        error: 'bad_request',
        what: error.message,
        where: request.url,
        hint: 'see the parameters of GET /api/alerts',
      });
    log.error({ err: error, url: request.url }, 'a request failed');
    return await reply.code(503).send({
      error: 'unavailable',
      what: 'the database did not answer',
      where: request.url,
      hint: 'try again; look at /readyz',
    });
  });

  for (const [path, [file, type]] of Object.entries(FILES)) {
    app.get(path, async (_, reply) => reply.type(type).send(await readFile(join(PAGE, file))));
  }
  app.get('/api/health', async () => ({ ok: true }));
  app.get<{ Querystring: { status?: string; severity?: string; limit: number; before?: string } }>(
    '/api/alerts',
    { schema: { querystring: LIST_QUERY } },
    async (request) => store.list(request.query),
  );
  app.get<{ Params: { id: string } }>('/api/alerts/:id', async (request, reply) => {
    const alert = await store.show(request.params.id);
    if (alert !== null) return alert;
    return await reply.code(404).send({
      error: 'not_found',
      what: 'there is no such alert',
      where: request.url,
      hint: 'GET /api/alerts lists them',
    });
  });

  return {
    app,
    async listen() {
      try {
        return { url: await app.listen({ host, port }) };
      } catch (error) {
        throw new StillwatchError(
          'PORT_TAKEN',
          `the console cannot listen on ${host}:${port}`,
          'stop what uses the port (ss -ltnp), or set console.port',
          error,
        );
      }
    },
    close: () => app.close(),
  };
}
