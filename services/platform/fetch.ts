import { once } from 'node:events';
import { request as requestHttps } from 'node:https';
import type { TlsFiles } from './config/tls.ts';

/** The part of `fetch` that is used, so that it can also go over certificates of one's own, which Node's own does not take. */
export type Fetch = (
  url: URL,
  init: { method?: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<Response>;

export function createFetch({ ca, cert, key }: TlsFiles): Fetch {
  if (ca === undefined && cert === undefined) return fetch;
  return async (url, { method = 'GET', headers, body, signal }) => {
    const request = requestHttps(url, { method, headers, signal, ca, cert, key });
    request.end(body);
    const [response] = await once(request, 'response');
    const parts: Buffer[] = await Array.fromAsync(response);
    return new Response(Buffer.concat(parts), { status: response.statusCode });
  };
}
