import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AddressRefused, checkHost, guardedLookup } from './address-guard.ts';
import type { TargetRequest } from './targets/target.ts';

/** What became of one attempt. `retry`: may pass by itself, not before `after` milliseconds if the receiver said so. `refused`: it will never take it. */
export type Attempt =
  | { outcome: 'delivered'; answer: Answer }
  | { outcome: 'retry'; why: string; after: number | null; answer: Answer | null }
  | { outcome: 'refused'; why: string; answer: Answer };

export interface Answer {
  status: number;
  /** The beginning of it. */
  body: string;
}

/** Rejects only for a bug, never for anything that the receiver or the network did. */
export type Post = (request: TargetRequest, allowPrivateAddress: boolean) => Promise<Attempt>;

export const POST_TIMEOUT = 10_000;
const MOST_OF_ANSWER = 4_096;
const LONGEST_RETRY_AFTER = 300_000;

/** One attempt over HTTP. Redirects are not followed: they could lead anywhere, and a redirected POST loses its body. A connection of its own for each. */
export function createPost({
  timeout = POST_TIMEOUT,
  lookup = guardedLookup,
}: {
  timeout?: number;
  lookup?: typeof guardedLookup;
} = {}): Post {
  return async (request, allowPrivateAddress) => {
    try {
      return attemptOf(await send(request, allowPrivateAddress, AbortSignal.timeout(timeout), lookup));
    } catch (error) {
      return { outcome: 'retry', why: reasonOf(error, timeout), after: null, answer: null };
    }
  };
}

interface RawAnswer extends Answer {
  retryAfter: string | undefined;
}

function send(
  { url, headers, body }: TargetRequest,
  allowPrivate: boolean,
  signal: AbortSignal,
  lookup: typeof guardedLookup,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { protocol, hostname } = new URL(url);
    checkHost(hostname, allowPrivate);
    const outgoing = (protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'stillwatch' },
      agent: false,
      lookup: lookup(allowPrivate),
      signal,
    });
    outgoing.on('error', reject);
    outgoing.once('response', (response) => {
      const status = response.statusCode ?? 0;
      const retryAfter = response.headers['retry-after'];
      let text = '';
      const done = (): void => resolve({ status, body: text.slice(0, MOST_OF_ANSWER), retryAfter });
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length < MOST_OF_ANSWER) return;
        done();
        outgoing.destroy();
      });
      // The status decides; the connection may break while the rest of the answer comes.
      response.on('error', done);
      response.once('end', done);
    });
    outgoing.end(body);
  });
}

/** A redirect is a wrong address in the configuration: the message waits for that to be put right. */
function attemptOf({ retryAfter, ...answer }: RawAnswer): Attempt {
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: 'delivered', answer };
  const why = `HTTP ${status}`;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return { outcome: 'refused', why, answer };
  const explained = status < 400 ? `${why}: redirects are not followed, set the final address` : why;
  return { outcome: 'retry', why: explained, after: retryAfterOf(retryAfter), answer };
}

/** Seconds only: a date would need a clock that agrees with the receiver's. */
function retryAfterOf(header: string | undefined): number | null {
  if (header === undefined || !/^\d+$/.test(header)) return null;
  return Math.min(Number(header) * 1_000, LONGEST_RETRY_AFTER);
}

/** `ECONNREFUSED` and the like. Never the URL: it may carry a token. */
export function reasonOf(error: unknown, timeout: number): string {
  if (error instanceof AddressRefused) return error.message;
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer within ${timeout / 1_000} s`;
  return 'code' in error ? String(error.code) : error.name;
}
