import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

const HOST = '127.0.0.1';
/**
 * Below the range from which the kernel takes the ports of outgoing connections (Linux: 32768 and up): a client that tries to reach a broker that is
 * down could be given the broker's own port, even connect to itself, and the broker could not come back.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;
const TRIES = 200;

/** Distinct ports on the loopback on which nobody listens now. */
export async function freePorts(count: number, except: readonly number[] = []): Promise<number[]> {
  const held = new Map<number, Server>();
  try {
    for (let tries = 0; held.size < count; tries++) {
      if (tries === TRIES)
        throw new Error(
          `no ${count} free ports on ${HOST} between ${LOWEST} and ${HIGHEST} in ${TRIES} tries: see ss -ltn`,
        );
      const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
      if (held.has(port) || except.includes(port)) continue;
      const server = await tryListen(port);
      if (server !== null) held.set(port, server);
    }
    return [...held.keys()];
  } finally {
    await Promise.all([...held.values()].map(release));
  }
}

/** @throws when somebody listens on the port, naming it. */
export async function requireFree(port: number, forWhat: string): Promise<void> {
  const server = await tryListen(port);
  if (server === null) {
    throw new Error(
      `port ${port} on ${HOST} is taken, ${forWhat} cannot listen there: stop what uses it (ss -ltnp 'sport = :${port}'), or choose another port`,
    );
  }
  await release(server);
}

/** Whether somebody accepts a connection there now. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function tryListen(port: number): Promise<Server | null> {
  const server = createServer();
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
    throw error;
  }
}

async function release(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
