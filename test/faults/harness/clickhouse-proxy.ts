import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Knows an insert when it sees one. */
export interface ClickHouseProxy extends TcpProxy {
  /** Milliseconds by which everything is late, both ways. */
  delay: number;
  /** Told of an insert before it is passed on. False: it is not, and the connection breaks. */
  onInsert: (() => boolean) | null;
  /** Told that ClickHouse has answered an insert. False: the answer is lost, and the connection breaks. */
  onInserted: (() => boolean) | null;
}

export async function startClickHouseProxy(): Promise<ClickHouseProxy> {
  const tcp = await startTcpProxy((connection) => {
    let isInserting = false;
    return {
      fromClient(data) {
        if (isInsert(data)) {
          isInserting = true;
          if (proxy.onInsert?.() === false) return connection.break();
        }
        connection.toServer(data, { by: proxy.delay });
      },
      fromServer(data) {
        if (isInserting && proxy.onInserted?.() === false) return connection.break();
        isInserting = false;
        connection.toClient(data, { by: proxy.delay });
      },
      end: () => ({}),
    };
  });
  const proxy: ClickHouseProxy = Object.assign(tcp, { delay: 0, onInsert: null, onInserted: null });
  return proxy;
}

/** The client puts the statement into the address of a POST. */
function isInsert(data: Buffer): boolean {
  return /^POST \S*[?&]query=INSERT/i.test(data.toString('latin1', 0, 1_000));
}
