import type { Logger } from 'pino';
import type { KafkaClient, Producer, Transaction } from './client.ts';

export interface OutgoingMessage {
  key: Buffer | string | null;
  value: Buffer | null;
  headers?: Record<string, string>;
}

/** Messages of one transaction by topic and partition, each list in order. */
export type Outgoing = ReadonlyMap<string, ReadonlyMap<number, readonly OutgoingMessage[]>>;

export interface OffsetToCommit {
  topic: string;
  partition: number;
  offset: string;
  metadata: string | null;
}

/** Where the state records of a transaction stand in the state log. */
export interface Written {
  first: bigint;
  /** After the last record. */
  until: bigint;
}

/** How a transaction that only asks ends: given up or kept, with whatever else must be ended with it. */
export interface ProbeEnd {
  kind: 'abort' | 'commit';
  outgoing: Outgoing;
  offsets: { group: string; offsets: readonly OffsetToCommit[] } | null;
}

export interface TransactionContent {
  outgoing: Outgoing;
  /** Records of the task's state log. Written first, so that the offsets can point to them. */
  state: { topic: string; partition: number; records: Iterable<Buffer> };
  /** The offsets to commit, given where the state records were written. */
  offsets(written: Written): OffsetToCommit[];
  offsetsGroup: string;
}

/** kafkajs never splits a send; above the broker's 1 MiB a batch is refused, and more than a thousand messages cost more than two sends. */
const MOST_BYTES = 900_000;
const MOST_MESSAGES = 1_000;
const MESSAGE_OVERHEAD = 64;

/** With a key, without which a compacted topic takes nothing. */
export const PROBE = { key: 'probe', value: null } as const;

const FENCE_TIMEOUT = 40_000;
const COMMIT_TIMEOUT = 90_000;
/** The coordinator is still writing the last transaction's markers; kafkajs does not retry this one. */
const STILL_ENDING = { wait: 5, times: 400 } as const;

/**
 * One task's transactional producer. `TransactionLine.open` fences every older owner of the id; `commit` writes one transaction whole.
 * After any error the outcome of a commit is unknown and the kafkajs producer unusable: the line is thrown away and the committed truth read again.
 */
export class TransactionLine {
  readonly #producer: Producer;
  readonly #log: Logger;

  private constructor(producer: Producer, log: Logger) {
    this.#producer = producer;
    this.#log = log;
  }

  /** Connects and fences: InitProducerId happens in kafkajs only at the first transaction, so an empty one is begun and aborted. */
  static async open(kafka: KafkaClient, transactionalId: string, log: Logger): Promise<TransactionLine> {
    const producer = kafka.transactionalProducer(transactionalId);
    const line = new TransactionLine(producer, log);
    try {
      await within(FENCE_TIMEOUT, 'fencing', async () => {
        await producer.connect();
        const transaction = await producer.transaction();
        await transaction.abort();
      });
      return line;
    } catch (error) {
      line.close();
      throw error;
    }
  }

  /** Writes one message without a value to a partition, and ends the transaction as `decide` says, which is told at which offset it stands. */
  async probe(topic: string, partition: number, decide: (at: bigint) => Promise<ProbeEnd>): Promise<void> {
    await within(FENCE_TIMEOUT, 'fencing', async () => {
      const transaction = await this.#producer.transaction();
      const [metadata] = await transaction.sendBatch({
        topicMessages: [{ topic, messages: [{ ...PROBE, partition }] }],
      });
      if (metadata?.baseOffset === undefined) throw new Error('the broker did not say where the probe was written');
      const end = await decide(BigInt(metadata.baseOffset));
      for (const messages of split(addressed(end.outgoing))) await transaction.sendBatch({ topicMessages: messages });
      if (end.offsets !== null) await sendOffsets(transaction, end.offsets.group, end.offsets.offsets);
      await transaction[end.kind]();
    });
  }

  async commit(content: TransactionContent): Promise<Written> {
    return await within(COMMIT_TIMEOUT, 'committing', async () => {
      const transaction = await this.#producer.transaction();
      const { state } = content;
      const requests: Written[] = [];
      for (const messages of split(stateMessages(state))) {
        const [metadata] = await transaction.sendBatch({ topicMessages: messages });
        if (metadata?.baseOffset === undefined) throw new Error('the broker did not say where the state was written');
        const base = BigInt(metadata.baseOffset);
        requests.push({ first: base, until: base + BigInt(messages[0]?.messages.length ?? 0) });
      }
      const [first] = requests;
      const last = requests.at(-1);
      if (first === undefined || last === undefined) throw new Error('a transaction without a state record');
      const written: Written = { first: first.first, until: last.until };
      for (const messages of split(addressed(content.outgoing)))
        await transaction.sendBatch({ topicMessages: messages });
      await sendOffsets(transaction, content.offsetsGroup, content.offsets(written));
      await transaction.commit();
      return written;
    });
  }

  /** For a service that keeps no state in Kafka: offsets, alone or with what goes to other topics because of them. */
  async commitOffsets(
    group: string,
    offsets: readonly OffsetToCommit[],
    outgoing: Outgoing = new Map(),
  ): Promise<void> {
    await within(COMMIT_TIMEOUT, 'committing offsets', async () => {
      const transaction = await this.#producer.transaction();
      for (const messages of split(addressed(outgoing))) await transaction.sendBatch({ topicMessages: messages });
      await sendOffsets(transaction, group, offsets);
      await transaction.commit();
    });
  }

  /**
   * For a tool that reads no group's offsets: all of the messages or none. After an error they are given up, so that a reader of their topics does not wait
   * for the transaction to end by itself; when it was the commit that failed, nobody knows, and what was committed must be read again.
   */
  async send(outgoing: Outgoing): Promise<void> {
    await within(COMMIT_TIMEOUT, 'sending', async () => {
      const transaction = await this.#producer.transaction();
      try {
        for (const messages of split(addressed(outgoing))) await transaction.sendBatch({ topicMessages: messages });
      } catch (error) {
        await transaction
          .abort()
          .catch((cause: unknown) => this.#log.debug({ error: cause }, 'giving up a transaction'));
        throw error;
      }
      await transaction.commit();
    });
  }

  /** Does not wait: a broken producer may take its time to disconnect. */
  close(): void {
    this.#producer
      .disconnect()
      .catch((error: unknown) => this.#log.debug({ error }, 'disconnecting a discarded producer'));
  }

  async closed(): Promise<void> {
    await this.#producer.disconnect();
  }
}

async function sendOffsets(
  transaction: Transaction,
  consumerGroupId: string,
  offsets: readonly OffsetToCommit[],
): Promise<void> {
  const topics = byTopic(offsets);
  for (let attempt = 0; ; attempt++) {
    try {
      return await transaction.sendOffsets({ consumerGroupId, topics });
    } catch (error) {
      if (!isStillEnding(error) || attempt >= STILL_ENDING.times) throw error;
      await new Promise((resolve) => setTimeout(resolve, STILL_ENDING.wait));
    }
  }
}

function isStillEnding(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'CONCURRENT_TRANSACTIONS';
}

function byTopic(offsets: readonly OffsetToCommit[]) {
  const topics = new Map<string, { partition: number; offset: string; metadata?: string }[]>();
  for (const { topic, partition, offset, metadata } of offsets) {
    const entry = metadata === null ? { partition, offset } : { partition, offset, metadata };
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, [entry]);
    else known.push(entry);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

interface Addressed {
  topic: string;
  partition: number;
  message: OutgoingMessage;
}

function* stateMessages({ topic, partition, records }: TransactionContent['state']): Generator<Addressed> {
  for (const value of records) yield { topic, partition, message: { key: null, value } };
}

function* addressed(outgoing: Outgoing): Generator<Addressed> {
  for (const [topic, partitions] of outgoing) {
    for (const [partition, messages] of partitions) for (const message of messages) yield { topic, partition, message };
  }
}

type TopicMessages = { topic: string; messages: (OutgoingMessage & { partition: number })[] }[];

/** Requests small enough for the broker, in order. */
function* split(all: Iterable<Addressed>): Generator<TopicMessages> {
  let part: TopicMessages = [];
  let count = 0;
  let bytes = 0;
  for (const { topic, partition, message } of all) {
    const size = (message.key?.length ?? 0) + (message.value?.length ?? 0) + MESSAGE_OVERHEAD;
    if (count > 0 && (count >= MOST_MESSAGES || bytes + size > MOST_BYTES)) {
      yield part;
      part = [];
      count = 0;
      bytes = 0;
    }
    const addressee = { ...message, partition };
    const last = part.at(-1);
    if (last?.topic === topic) last.messages.push(addressee);
    else part.push({ topic, messages: [addressee] });
    count++;
    bytes += size;
  }
  if (count > 0) yield part;
}

/** kafkajs can wait for ever on a broker that went away; a task must not. */
async function within<Result>(milliseconds: number, doing: string, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still ${doing} after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
