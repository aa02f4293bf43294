import { once } from 'node:events';
import { connect as connectTo, createServer, type Socket } from 'node:net';

/** Stands before ClickHouse on a port that stays, whatever happens behind it. */
export interface TcpProxy {
  port: number;
  /** Where it leads to; null: nowhere, connections are refused. */
  upstream: number | null;
  /** Milliseconds by which everything is late, both ways. */
  delay: number;
  /** Told of an insert before it is passed on. False: it is not, and the connection breaks. */
  onInsert: (() => boolean) | null;
  /** Told that ClickHouse has answered an insert. False: the answer is lost, and the connection breaks. */
  onInserted: (() => boolean) | null;
  close(): Promise<void>;
}

export async function startTcpProxy(): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (proxy.upstream === null) return void client.destroy();
    const upstream = connectTo(proxy.upstream, '127.0.0.1');
    let inserting = false;
    const both = [client, upstream];
    const destroyBoth = (): void => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', destroyBoth);
      socket.on('close', () => {
        sockets.delete(socket);
        destroyBoth();
      });
    }
    const toUpstream = lateWriter(upstream, () => proxy.delay);
    const toClient = lateWriter(client, () => proxy.delay);
    client.on('data', (data) => {
      if (isInsert(data)) {
        inserting = true;
        if (proxy.onInsert?.() === false) return destroyBoth();
      }
      toUpstream(data);
    });
    upstream.on('data', (data) => {
      if (inserting && proxy.onInserted?.() === false) return destroyBoth();
      inserting = false;
      toClient(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxy: TcpProxy = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    upstream: null,
    delay: 0,
    onInsert: null,
    onInserted: null,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return proxy;
}

/** Writes late, and never before what came earlier: what was held back while the delay was longer goes first. */
function lateWriter(to: Socket, delay: () => number): (data: Buffer) => void {
  const waiting: { data: Buffer; due: number }[] = [];
  const flush = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const left = next.due - performance.now();
      if (left > 0) return void setTimeout(flush, left);
      waiting.shift();
      if (!to.destroyed) to.write(next.data);
    }
  };
  return (data) => {
    waiting.push({ data, due: performance.now() + delay() });
    if (waiting.length === 1) flush();
  };
}

/** The client puts the statement into the address of a POST. */
function isInsert(data: Buffer): boolean {
  return /^POST \S*[?&]query=INSERT/i.test(data.toString('latin1', 0, 1_000));
}
