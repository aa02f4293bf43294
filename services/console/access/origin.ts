import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Where the console asks nobody who they are: why a request is refused, or null.
 * - the connection comes from the loopback (through a tunnel, whoever let them in has asked who they are);
 * - `Host` is a name of the loopback: another name that resolves to it is a page elsewhere that rebinds its DNS.
 */
export function strangerRefusal(address: string, { host }: IncomingHttpHeaders): string | null {
  if (!LOOPBACK.test(address)) return 'without access tokens only this machine is answered';
  if (host === undefined || !LOOPBACK_HOST.test(host)) return `this machine is not called ${host ?? 'nothing'}`;
  return null;
}

/**
 * Why a request may not change anything, or null: a browser says where the page came from that makes it ask (`Origin`, `Sec-Fetch-Site`), and that must be
 * us. A program sends neither. Only the host of the origin is compared: behind a proxy that ends TLS we do not know the scheme.
 */
export function crossSiteRefusal({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): string | null {
  const elsewhere = 'the request was made by a page from elsewhere';
  if (origin !== undefined && hostOf(origin) !== host) return elsewhere;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return elsewhere;
  return null;
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
