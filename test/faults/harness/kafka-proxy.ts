import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Requests of Kafka's protocol by their number (kafka.apache.org/protocol, "Api Keys"): those of an exactly-once service. */
export const KAFKA_REQUESTS = {
  Produce: 0,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
} as const;
export type KafkaRequest = keyof typeof KAFKA_REQUESTS;

/**
 * What happens to a request: it is lost on the way, or its reply is; either breaks the connection, since that is how TCP loses anything. Its reply comes late, in
 * milliseconds, and what follows on the connection with it. Its reply comes twice. null: nothing.
 */
export type Harm = 'request-lost' | 'reply-lost' | 'reply-twice' | { replyLate: number } | null;

/** Stands before a broker and reads what is asked. */
export interface KafkaProxy extends TcpProxy {
  /** Told of each request that goes by. */
  onRequest: ((request: KafkaRequest) => Harm) | null;
  /** Nothing goes through in either direction, and nobody is told: what TCP does while a cable is out. What was said meanwhile arrives afterwards. */
  cutOff(): void;
  heal(): void;
}

const LENGTH_BYTES = 4;
const CORRELATION_AT = 4;
const NAMES = new Map<number, KafkaRequest>(
  Object.entries(KAFKA_REQUESTS).map(([name, number]) => [number, name as KafkaRequest]),
);

export async function startKafkaProxy(): Promise<KafkaProxy> {
  let cut: PromiseWithResolvers<void> | null = null;
  const tcp = await startTcpProxy((connection) => {
    /** Of requests that wait for their reply, by correlation id. */
    const harms = new Map<number, Harm>();
    const until = (): { until?: Promise<void> } => (cut === null ? {} : { until: cut.promise });
    return {
      fromClient: byFrame((frame) => {
        const request = NAMES.get(frame.readInt16BE(LENGTH_BYTES));
        const harm = request === undefined ? null : (proxy.onRequest?.(request) ?? null);
        if (harm === 'request-lost') return connection.break();
        if (harm !== null) harms.set(frame.readInt32BE(LENGTH_BYTES + CORRELATION_AT), harm);
        connection.toServer(frame, until());
      }),
      fromServer: byFrame((frame) => {
        const correlation = frame.readInt32BE(LENGTH_BYTES);
        const harm = harms.get(correlation) ?? null;
        harms.delete(correlation);
        if (harm === 'reply-lost') return connection.break();
        if (harm !== null && typeof harm === 'object')
          return connection.toClient(frame, { by: harm.replyLate, ...until() });
        connection.toClient(frame, until());
        if (harm === 'reply-twice') connection.toClient(frame, until());
      }),
      end: until,
    };
  });
  const proxy: KafkaProxy = Object.assign(tcp, {
    onRequest: null,
    cutOff() {
      cut ??= Promise.withResolvers<void>();
    },
    heal() {
      cut?.resolve();
      cut = null;
    },
  });
  return proxy;
}

/** Hands on whole frames, each with its length before it, however they were cut on the way. */
function byFrame(take: (frame: Buffer) => void): (data: Buffer) => void {
  let waiting: Buffer[] = [];
  let size = 0;
  return (data) => {
    waiting.push(data);
    size += data.length;
    while (size >= LENGTH_BYTES) {
      const [first] = waiting;
      if (first === undefined) return;
      const all = first.length >= LENGTH_BYTES ? first : Buffer.concat(waiting);
      const end = LENGTH_BYTES + all.readInt32BE(0);
      if (size < end) return;
      const joined = Buffer.concat(waiting);
      take(joined.subarray(0, end));
      waiting = [joined.subarray(end)];
      size = joined.length - end;
    }
  };
}
