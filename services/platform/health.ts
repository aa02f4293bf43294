import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { StillwatchError } from './errors.ts';

/** Something that another service may ask for. Everybody who reaches the port does: it decides itself who gets it. */
export type HealthAction = (request: {
  headers: IncomingHttpHeaders;
  body: string;
}) => Promise<{ code: number; body: unknown }>;

export interface HealthDeps {
  host: string;
  /** 0: a free one. */
  port: number;
  /** Each true when the service can do its work; named in the answer. */
  ready: Readonly<Record<string, () => boolean>>;
  metrics(): Promise<string>;
  status(): unknown;
  /** By path; each is asked by POST. */
  actions?: Readonly<Record<string, HealthAction>>;
}

export interface HealthServer {
  url: string;
  /** From now on not ready: whoever sends traffic stops before the service does. */
  drain(): void;
  close(): Promise<void>;
}

/** Milliseconds: a probe is a few bytes, and whoever sends it by drops is cut off. */
const LIMITS = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 } as const;

/** Characters of a body: actions take a few words. */
const LONGEST_BODY = 1_000;

/** What comes out is for programs: a browser that is led here shows it as text and nothing else. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

/** A live loop answers: when it does not, nothing here does either. A dead dependency fails readiness, never liveness. */
export async function startHealthServer({
  host,
  port,
  ready,
  metrics,
  status,
  actions = {},
}: HealthDeps): Promise<HealthServer> {
  let draining = false;
  const readiness = (): { ready: boolean; checks: Record<string, boolean> } => {
    const checks = Object.fromEntries(Object.entries(ready).map(([name, check]) => [name, check()]));
    return { ready: !draining && Object.values(checks).every(Boolean), checks: { ...checks, not_draining: !draining } };
  };
  const server: Server = createServer(LIMITS, (request, response) => {
    const send = (code: number, type: string, body: string): void => {
      response.writeHead(code, { ...HEADERS, 'content-type': type }).end(body);
    };
    const json = (code: number, body: unknown): void => send(code, 'application/json', `${JSON.stringify(body)}\n`);
    const path = request.url?.split('?', 1)[0] ?? '';
    const action = Object.hasOwn(actions, path) ? actions[path] : undefined;
    if (action !== undefined) {
      answerTo(request, action).then(
        ({ code, body }) => json(code, body),
        () => json(500, { error: 'it failed' }),
      );
      return;
    }
    switch (path) {
      case '/livez':
        return json(200, { live: true });
      case '/readyz': {
        const state = readiness();
        return json(state.ready ? 200 : 503, state);
      }
      case '/status':
        return json(200, status());
      case '/metrics':
        metrics().then(
          (text) => send(200, 'text/plain; version=0.0.4; charset=utf-8', text),
          () => json(500, { error: 'metrics could not be gathered' }),
        );
        return;
      default:
        return json(404, { error: 'there are /livez, /readyz, /status and /metrics' });
    }
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StillwatchError(
      'PORT_TAKEN',
      `cannot listen on ${host}:${port}`,
      'stop what uses the port (ss -ltnp), or set http.port to another one or to 0',
      error,
    );
  }
  const address = server.address();
  return {
    url: `http://${host}:${typeof address === 'object' && address !== null ? address.port : port}`,
    drain() {
      draining = true;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answerTo(request: IncomingMessage, action: HealthAction): Promise<{ code: number; body: unknown }> {
  if (request.method !== 'POST') return { code: 405, body: { error: 'ask by POST' } };
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) {
    body += part;
    if (body.length > LONGEST_BODY) return { code: 413, body: { error: `more than ${LONGEST_BODY} characters` } };
  }
  return await action({ headers: request.headers, body });
}
