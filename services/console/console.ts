import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import etag from '@fastify/etag';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { StillwatchError } from '../platform/errors.ts';
import { isLoopback } from '../platform/loopback.ts';
import { createGuesses } from './access/guesses.ts';
import { addRateLimit } from './access/rate-limit.ts';
import { createSessions } from './access/sessions.ts';
import type { SignOn } from './access/sign-on.ts';
import { createTokens } from './access/tokens.ts';
import { addErrors, brokenPath } from './answers.ts';
import { addApi } from './api.ts';
import { addBasePath, basePathOf, withoutBasePath } from './base-path.ts';
import type { Database } from './database.ts';
import { addPage, loadPage, type PageFiles } from './page-files.ts';
import type { Requeue } from './routes/dead-letters.ts';
import type { RuleVersions } from './routes/rules.ts';
import { createServices } from './service-status.ts';
import { createTargetTests } from './target-tests.ts';

export interface ConsoleDeps {
  clickhouse: Database;
  database: string;
  log: Logger;
  now(): number;
  /** The loopback when not given. */
  host?: string;
  /** 0: a free one. */
  port: number;
  /** `name:role:sha256` each. None, and no single sign-on: nobody is asked who they are, and only the loopback may be listened on. */
  tokens?: readonly string[];
  /** That each person may make. */
  requestsPerMinute: number;
  /** Null: nobody logs in by single sign-on. */
  signOn?: SignOn | null;
  /** Addresses and networks of the proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed. None: whoever connects is who asks. */
  trustedProxies?: readonly string[];
  /** Where people open it, which may be a path on a host with others behind the same proxy. Empty: not known. */
  publicUrl?: string;
  /** `name=url` each: the health servers that the pipeline page asks. */
  services?: readonly string[];
  /** Null: what was published is not shown. */
  ruleVersions?: RuleVersions | null;
  /** Null: dead letters are only shown. */
  requeue?: Requeue | null;
  /** Shared with notify, which tests targets for who has it. Empty: none is tested. */
  testKey?: string;
  /** Loaded at start when not given. */
  page?: PageFiles;
  patience?: Patience;
}

/** Milliseconds that a client may take, so that nobody holds connections by sending drop by drop. */
export interface Patience {
  /** For the headers of a request. */
  headers: number;
  /** For all of it. */
  request: number;
  /** Between two looks at who takes too long. */
  check: number;
}
const PATIENCE: Patience = { headers: 10_000, request: 30_000, check: 1_000 };
/** Of a connection without a request. Above a load balancer's usual minute, which then closes it first. */
const KEEP_ALIVE = 75_000;
/** Far above what on-call and scripts need; each costs a file descriptor. */
const MOST_CONNECTIONS = 1_000;

export interface Console {
  /** Rejects with PORT_TAKEN, or with CONFIG_INVALID for an address that is not to be had. */
  listen(): Promise<{ url: string }>;
  close(): Promise<void>;
  /** For tests: requests without a socket. */
  app: FastifyInstance;
}

/** Nothing inline, nothing from elsewhere: what an attacker puts into a user agent cannot become script here. */
export const HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * Browsers that came over TLS come over nothing else for a year, to names below ours neither. Only where the host is the console's alone: on one that it shares
 * by a path or a port this would decide for others, and whoever runs their proxy sets it.
 */
function headersFor(publicUrl: string): Record<string, string> {
  const { protocol, port, pathname } = new URL(publicUrl === '' ? 'http://localhost' : publicUrl);
  const isOurs = protocol === 'https:' && port === '' && pathname === '/';
  return isOurs ? { ...HEADERS, 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : HEADERS;
}

/**
 * What on-call reads, and where they say what they do about it: an API over the tables, and a page on it. It writes marks, handling, silences and its audit
 * log, and where it may, it sends dead letters back; nothing that is detected changes by it otherwise. Throws CONFIG_INVALID where others than this machine could use it without saying who they are.
 */
export function createConsole(deps: ConsoleDeps): Console {
  const { log, now, host = '127.0.0.1', port, tokens = [], services = [], ruleVersions = null, page } = deps;
  const { requeue = null, trustedProxies = [], publicUrl = '', signOn = null } = deps;
  const { patience = PATIENCE, testKey = '' } = deps;
  const asks = tokens.length > 0 || signOn !== null;
  if (!asks && !isLoopback(host))
    throw new StillwatchError(
      'CONFIG_INVALID',
      `console.host is ${host}, which others than this machine may reach, and console.tokens and console.oidc_issuer are empty: anybody could read alerts`,
      'make a token with `stillwatch console token` and set console.tokens, or set console.oidc_issuer, or set console.host to 127.0.0.1',
    );
  const basePath = basePathOf(publicUrl);
  const headers = headersFor(publicUrl);
  const app = Fastify({
    logger: false,
    rewriteUrl: withoutBasePath(basePath),
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // Longer than any id that is taken, so that a longer one is told so instead of not being found.
    routerOptions: { maxParamLength: 2_000 },
    // A note of a thousand characters of four bytes each, and the rest.
    bodyLimit: 10_000,
    // A misspelt parameter must not silently answer another question.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array' } },
    forceCloseConnections: true,
    requestTimeout: patience.request,
    keepAliveTimeout: KEEP_ALIVE,
    http: { headersTimeout: patience.headers, connectionsCheckingInterval: patience.check },
    // A path that is not URL encoding never reaches the routes, nor their hooks and error handler.
    frameworkErrors(error, { method, url }, { raw }) {
      raw.writeHead(400, { ...headers, 'content-type': 'application/json; charset=utf-8' });
      raw.end(JSON.stringify(brokenPath(error.message, method, url)));
    },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  // A form of another page can send text/plain without asking first; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.addHook('onSend', async (_, reply) => {
    for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  addErrors(app, log);
  app.register(etag);
  // Of this process, as its sessions are.
  app.register(cookie, { secret: randomBytes(32).toString('hex') });
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      ...(publicUrl === '' ? {} : { servers: [{ url: publicUrl }] }),
      info: { title: 'stillwatch console', version: '1', description: 'Alerts, and what on-call does about them.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: asks ? [{ token: [] }] : [],
    },
  });
  const asked = createServices({ entries: services, fetch });
  app.register((api, _, done) => {
    addRateLimit(api, deps.requestsPerMinute);
    api.register((routes, __, added) => {
      addApi(routes, {
        ...deps,
        access: {
          guesses: asks ? createGuesses(createTokens(tokens), now, log) : null,
          sessions: createSessions(now),
          signOn,
        },
        services: asked,
        ruleVersions,
        requeue,
        testTarget: testKey === '' ? null : createTargetTests({ services: asked, key: testKey, fetch, now }),
      });
      added();
    });
    done();
  });
  addBasePath(app, basePath);
  // Bundled while the rest starts; `listen` waits for it.
  app.register((site, _, done) => {
    (page === undefined ? loadPage() : Promise.resolve(page)).then((files) => {
      addPage(site, files);
      done();
    }, done);
  });

  return {
    app,
    async listen() {
      await app.ready();
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw cannotListen(host, port, error);
      }
      return { url: urlOf(app.server.address(), host) };
    },
    close: () => app.close(),
  };
}

/** As it is reached from this machine. */
function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

function cannotListen(host: string, port: number, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  if (code === null || !/^E[A-Z]+$/.test(code)) return cause;
  const what = `the console cannot listen on ${host}:${port} (${code})`;
  if (code === 'EADDRINUSE') {
    const hint = 'stop what uses the port (ss -ltnp shows it), or set console.port to another one or to 0';
    return new StillwatchError('PORT_TAKEN', what, hint, cause);
  }
  const hint =
    'set console.host to an address of this machine, and console.port to 0 or to one that this user may open';
  return new StillwatchError('CONFIG_INVALID', what, hint, cause);
}
