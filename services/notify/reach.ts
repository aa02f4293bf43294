import { once } from 'node:events';
import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { checkHost, guardedLookup } from './address-guard.ts';
import { POST_TIMEOUT, reasonOf } from './post.ts';

/** Connects as an alert would, with TLS where that is asked for, and sends nothing. Why it does not come about, without the address, which may carry a token; null: it does. */
export async function unreachable(
  url: string,
  allowPrivateAddress: boolean,
  timeout: number = POST_TIMEOUT,
): Promise<string | null> {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'https:';
  try {
    checkHost(hostname, allowPrivateAddress);
    const host = hostname.replace(/^\[|\]$/g, '');
    const to = { host, port: Number(port) || (isTls ? 443 : 80), lookup: guardedLookup(allowPrivateAddress) };
    const socket = isTls ? connectTls({ ...to, ...(isIP(host) === 0 ? { servername: host } : {}) }) : connectPlain(to);
    try {
      await once(socket, isTls ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(timeout) });
      return null;
    } finally {
      socket.on('error', () => {}).destroy();
    }
  } catch (error) {
    return reasonOf(error, timeout);
  }
}
