import type { OpenKafka } from '../../../services/run/context.ts';
import type { Producer, Transaction } from '../../../services/stream/kafka/client.ts';

/** Between any two steps of a transaction. `send` is any of its sends, state or output. */
export const FAULT_POINTS = ['before-send', 'after-send', 'before-offset', 'before-commit', 'after-commit'] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export interface Armed {
  point: FaultPoint;
  /** Transactional ids that begin like this. */
  producer: string;
  /** At which passage of the point, counted from 1. */
  passage: number;
  /** SIGKILL, or SIGSTOP: a zombie in the middle of a transaction. */
  signal: 'SIGKILL' | 'SIGSTOP';
}

/**
 * Defects put into the runner on purpose: the suite must find each of them.
 * - drop-offset: the transaction at which the process is killed commits without its offsets.
 * - skip-fence: a new owner does not fence the older one.
 */
export const SABOTAGES = ['drop-offset', 'skip-fence'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

export interface FaultPlan {
  armed?: Armed;
  sabotage?: Sabotage;
}

/** The variable that a service of the test build reads its plan from. */
export const FAULT_PLAN = 'STILLWATCH_TEST_FAULT_PLAN';

/** The least that a broker allows: a killed member's work moves on, and its successor begins, as soon as can be. */
const SHORTEST_SESSION = 6_000;

/**
 * The product's Kafka client whose transactional producers pass fault points. The product itself has none: how a service gets to Kafka is handed in, so
 * whatever can go wrong between two steps of a transaction is done from outside.
 */
export function withFaultPoints(open: OpenKafka, { armed, sabotage }: FaultPlan): OpenKafka {
  /** A zombie that wakes up must not freeze again. */
  let isSpent = false;
  const strike = (signal: Armed['signal']): void => {
    if (isSpent) return;
    isSpent = true;
    process.kill(process.pid, signal);
  };
  return (settings, log) => {
    const kafka = open(settings, log);
    return {
      ...kafka,
      consumer: (config) => kafka.consumer({ ...config, sessionTimeout: SHORTEST_SESSION }),
      transactionalProducer(id) {
        const producer = kafka.transactionalProducer(sabotage === 'skip-fence' ? `${id}.${process.pid}` : id);
        return armed !== undefined && id.startsWith(armed.producer)
          ? faultyProducer(producer, armed, strike, sabotage === 'drop-offset')
          : producer;
      },
    };
  };
}

function faultyProducer(
  producer: Producer,
  armed: Armed,
  strike: (signal: Armed['signal']) => void,
  dropOffset: boolean,
): Producer {
  const passages = new Map<FaultPoint, number>();
  const reach = (point: FaultPoint): void => {
    const passage = (passages.get(point) ?? 0) + 1;
    passages.set(point, passage);
    if (point === armed.point && passage === armed.passage) strike(armed.signal);
  };
  const faulty = (transaction: Transaction): Transaction => ({
    ...transaction,
    async sendBatch(batch) {
      reach('before-send');
      const metadata = await transaction.sendBatch(batch);
      reach('after-send');
      return metadata;
    },
    async sendOffsets(offsets) {
      const isLast = (passages.get('before-offset') ?? 0) + 1 === armed.passage;
      reach('before-offset');
      if (!(dropOffset && isLast)) await transaction.sendOffsets(offsets);
    },
    async commit() {
      reach('before-commit');
      await transaction.commit();
      reach('after-commit');
    },
  });
  return { ...producer, transaction: async () => faulty(await producer.transaction()) };
}
