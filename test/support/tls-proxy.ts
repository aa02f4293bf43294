import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface TlsProxy {
  port: number;
  close(): Promise<void>;
}

/** TLS in front of a plain port of this machine, as a server that speaks it would have; with `clientsOf`, only for whoever that authority has certified. */
export async function startTlsProxy(
  { certFile, keyFile }: Certificate,
  upstreamPort: number,
  clientsOf?: string,
): Promise<TlsProxy> {
  const open = new Set<TLSSocket>();
  const server = createServer({
    cert: await readFile(certFile),
    key: await readFile(keyFile),
    ...(clientsOf === undefined ? {} : { requestCert: true, ca: await readFile(clientsOf) }),
  });
  server.on('secureConnection', (client) => {
    open.add(client);
    const upstream = connect(upstreamPort, '127.0.0.1');
    const end = (): void => {
      open.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
