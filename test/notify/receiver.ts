import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** Resolves at the next request. */
  next(): Promise<void>;
  close(): Promise<void>;
}

type Answer = number | 'hang up' | 'never';

/** A receiver that answers each request with the next status, the last one for ever. `hang up` breaks the connection without an answer, `never` keeps it. */
export async function receiver(answers: readonly Answer[], headers: Record<string, string> = {}): Promise<Receiver> {
  const received: Received[] = [];
  let arrival = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      arrival.resolve();
      arrival = Promise.withResolvers();
      const answer = answers[Math.min(received.length, answers.length) - 1] ?? 200;
      if (answer === 'hang up') request.socket.destroy();
      else if (answer !== 'never')
        response.writeHead(answer, answer === 302 ? { location: '/elsewhere', ...headers } : headers).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`,
    received,
    next: () => arrival.promise,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
