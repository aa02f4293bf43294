import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Why a request may not write, or null when it may. The console asks nobody who they are, so only people on its own machine write, and only by intent:
 * - the connection comes from the loopback (behind a proxy or a tunnel, whoever let them in has asked who they are);
 * - `Host` is a name of the loopback: another name that resolves to it is a page elsewhere that rebinds its DNS;
 * - a browser says where the page came from that makes it ask (`Origin`, `Sec-Fetch-Site`): it must be ours.
 */
export function refusal(remoteAddress: string | undefined, headers: IncomingHttpHeaders): string | null {
  if (remoteAddress === undefined || !LOOPBACK.test(remoteAddress)) return 'only this machine may write';
  const { host, origin } = headers;
  if (host === undefined || !LOOPBACK_HOST.test(host)) return `this machine is not called ${host ?? 'nothing'}`;
  if (origin !== undefined && origin !== `http://${host}`) return 'the request was made by a page from elsewhere';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return 'the request was made by a page from elsewhere';
  return null;
}
