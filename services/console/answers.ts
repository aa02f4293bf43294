import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Refused } from './changes.ts';
import { type Refusal, refuse } from './refusals.ts';
import { LIST_HINT } from './routes/alerts.ts';

const SEE = 'GET /api/openapi.json describes every route';

/** One shape for everything that goes wrong: what, where, and what to do. Why the database failed is for the log, not for the answer. */
export function addErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler(async (error: Error & { validation?: unknown; statusCode?: number }, request, reply) => {
    if (error instanceof Refused) return await refuse(reply, error.statusCode, error.error, error.message, error.hint);
    const code = error.statusCode ?? 500;
    if (error.validation !== undefined || (code >= 400 && code < 500))
      return await refuse(
        reply,
        code,
        'bad_request',
        error.message,
        request.url.startsWith('/api/alerts') ? LIST_HINT : SEE,
      );
    log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    return await refuse(
      reply,
      503,
      'unavailable',
      'the alerts could not be read or changed',
      "try again; if it stays, see the console's log and whether ClickHouse answers",
    );
  });
  app.setNotFoundHandler(async ({ method }, reply) => {
    const isReading = method === 'GET' || method === 'HEAD';
    if (isReading) return await refuse(reply, 404, 'not_found', 'there is nothing here', SEE);
    return await refuse(reply, 405, 'read_only', 'nothing can be changed here', SEE);
  });
}

export function brokenPath(what: string, method: string, url: string): Refusal {
  return { error: 'bad_request', what, where: `${method} ${url}`, hint: LIST_HINT };
}
