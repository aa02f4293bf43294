import { once } from 'node:events';
import { request as requestHttps } from 'node:https';
import type { TlsFiles } from './config/tls.ts';

/** The part of `fetch` that is used, so that it can also go over certificates of one's own, which Node's own does not take. */
export type Fetch = (
  url: URL,
  init: { method?: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<Response>;

/** Redirects are not followed: where we ask is what was configured, and an answer from elsewhere is none. */
export function createFetch({ ca, cert, key }: TlsFiles): Fetch {
  if (ca === undefined && cert === undefined) return (url, init) => fetch(url, { ...init, redirect: 'manual' });
  return async (url, { method = 'GET', headers, body, signal }) => {
    const request = requestHttps(url, { method, headers, signal, ca, cert, key });
    request.end(body);
    const [response] = await once(request, 'response');
    const parts: Buffer[] = await Array.fromAsync(response);
    return new Response(Buffer.concat(parts), { status: response.statusCode });
  };
}
