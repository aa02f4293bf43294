import { once } from 'node:events';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Stands before a server on a port that stays, whatever happens behind it. */
export interface TcpProxy {
  readonly port: number;
  /** Where it leads to; null: nowhere, connections are refused. */
  upstream: number | null;
  close(): Promise<void>;
}

/** Two ends that a connection goes through, in order each, however late. */
export interface Connection {
  toServer(data: Buffer, late?: Late): void;
  toClient(data: Buffer, late?: Late): void;
  /** Breaks it at both ends, at once. */
  break(): void;
}

export interface Late {
  /** Milliseconds from now. */
  by?: number;
  /** What must have come true besides. */
  until?: Promise<unknown>;
}

/** What becomes of what either end says. */
export interface Passage {
  fromClient(data: Buffer): void;
  fromServer(data: Buffer): void;
  /** How late either end learns that the other is gone: after all that it said in any case. */
  end(): Late;
}

export async function startTcpProxy(passageOf: (connection: Connection) => Passage): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (proxy.upstream === null) return void client.destroy();
    const upstream = connectTo(proxy.upstream, '127.0.0.1');
    const toServer = lateWriter(upstream);
    const toClient = lateWriter(client);
    const passage = passageOf({
      toServer: toServer.write,
      toClient: toClient.write,
      break() {
        client.destroy();
        upstream.destroy();
      },
    });
    for (const [socket, other] of [
      [client, toServer],
      [upstream, toClient],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.end(passage.end());
      });
    }
    client.on('data', passage.fromClient);
    upstream.on('data', passage.fromServer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxy: TcpProxy = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    upstream: null,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return proxy;
}

interface LateWriter {
  write(data: Buffer, late?: Late): void;
  end(late: Late): void;
}

/** Never writes before what came earlier: what was held back for longer goes first. */
function lateWriter(to: Socket): LateWriter {
  let earlier: Promise<void> = Promise.resolve();
  const then = ({ by = 0, until }: Late, act: () => void): void => {
    const due = performance.now() + by;
    earlier = earlier.then(async () => {
      await until;
      const left = due - performance.now();
      if (left > 0) await delay(left);
      if (!to.destroyed) act();
    });
  };
  return {
    write: (data, late = {}) => then(late, () => to.write(data)),
    end: (late) => then(late, () => to.destroySoon()),
  };
}
