import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Refused } from './changes.ts';
import { DatabaseFailure } from './database.ts';
import { type Refusal, refuse } from './refusals.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What to do about a request that the route does not understand; where it is described when it does not say. */
    hint?: string;
  }
}

/** Nobody, not allowed, too often: a person may be trying something. The others may only be mistaken. */
const DENIED = [401, 403, 429];
const NOT_TAKEN = [400, 413, 415];

const SEE = 'GET /api/openapi.json describes every route';

/** One shape for everything that goes wrong: what, where, and what to do. Why something failed is for the log, not for the answer. */
export function addErrors(app: FastifyInstance, log: Logger): void {
  const methodsAt = learnRoutes(app);
  // The route and not the URL, which may hold the id of an account.
  app.addHook('onResponse', async ({ method, routeOptions, ip, asker }, { statusCode }) => {
    if (![...DENIED, ...NOT_TAKEN].includes(statusCode)) return;
    const what = { status: statusCode, method, route: routeOptions.url, address: ip, by: asker?.name };
    log[DENIED.includes(statusCode) ? 'warn' : 'info'](what, 'a request was refused');
  });
  app.setErrorHandler(async (error: Error & { validation?: unknown; statusCode?: number }, request, reply) => {
    if (error instanceof Refused) return await refuse(reply, error.statusCode, error.error, error.message, error.hint);
    const code = error.statusCode ?? 500;
    const { hint = SEE } = request.routeOptions.config;
    if (error.validation !== undefined || (code >= 400 && code < 500))
      return await refuse(reply, code, 'bad_request', error.message, hint);
    const isDatabase = error instanceof DatabaseFailure;
    log.error({ err: isDatabase ? error.cause : error, route: request.routeOptions.url }, 'a request failed');
    if (isDatabase)
      return await refuse(
        reply,
        503,
        'unavailable',
        'ClickHouse did not read or write what was asked for',
        "try again; if it stays, see the console's log and whether ClickHouse answers",
      );
    return await refuse(
      reply,
      500,
      'internal',
      'the console made a mistake',
      "see why in the console's log, and report it: this should not happen",
    );
  });
  app.setNotFoundHandler(async ({ method, url }, reply) => {
    const taken = methodsAt(url);
    if (taken.length === 0) return await refuse(reply, 404, 'not_found', 'there is nothing here', SEE);
    const methods = taken.join(', ');
    return await refuse(
      reply.header('allow', methods),
      405,
      'wrong_method',
      `${method} does nothing here`,
      `it takes ${methods}`,
    );
  });
}

/** Learns the routes while they are registered: which methods there are at a URL. */
function learnRoutes(app: FastifyInstance): (url: string) => string[] {
  const routes: { method: string; segments: readonly string[] }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, segments: url.split('/') });
  });
  return (url) => {
    const [path = ''] = url.split('?', 1);
    const given = path.split('/');
    const isAt = ({ segments }: { segments: readonly string[] }): boolean =>
      segments.length === given.length &&
      segments.every((segment, i) => (segment.startsWith(':') ? given[i] !== '' : segment === given[i]));
    return routes.filter(isAt).map(({ method }) => method);
  };
}

export function brokenPath(what: string, method: string, url: string): Refusal {
  return { error: 'bad_request', what, where: `${method} ${url}`, hint: SEE };
}
