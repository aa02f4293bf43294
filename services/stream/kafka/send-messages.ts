/** What of kafkajs' insides a send needs. */
export interface SendDeps {
  logger: { debug(what: string, about: object): void; error(what: string, about: object): void };
  cluster: Cluster;
  partitioner(args: { topic: string; partitionMetadata: readonly unknown[]; message: Message }): number;
  eosManager: EosManager;
  retrier<Value>(
    work: (bail: (error: unknown) => void, retryCount: number, retryTime: number) => Promise<Value>,
  ): Promise<Value>;
}

interface Cluster {
  refreshMetadataIfNecessary(): Promise<void>;
  refreshMetadata(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly unknown[];
  /** Partitions by the id of the broker that leads them. */
  findLeaderForPartitions(topic: string, partitions: readonly (number | string)[]): Record<string, (number | string)[]>;
  findBroker(broker: { nodeId: string }): Promise<Broker>;
  removeBroker(broker: { host: unknown; port: unknown }): void;
  isConnected(): boolean;
  connect(): Promise<void>;
}

interface Broker {
  nodeId: number;
  produce(request: object): Promise<{ topics: { topicName: string; partitions: Answer[] }[] }>;
}

interface EosManager {
  isTransactional(): boolean;
  getTransactionalId(): string;
  getProducerId(): number;
  getProducerEpoch(): number;
  getSequence(topic: string, partition: number | string): number;
  updateSequence(topic: string, partition: number | string, by: number): void;
  addPartitionsToTransaction(topicData: readonly TopicData[]): Promise<void>;
  acquireBrokerLock(broker: Broker): Promise<void>;
  releaseBrokerLock(broker: Broker): Promise<void>;
}

type Message = object;
interface Answer {
  partition: number;
}
interface PartitionData {
  partition: number | string;
  messages: readonly Message[];
  firstSequence?: number;
}
interface TopicData {
  topic: string;
  partitions: PartitionData[];
}

interface SendRequest {
  acks: number;
  timeout: number;
  compression: unknown;
  topicMessages: readonly { topic: string; messages: readonly Message[] }[];
}

export interface KafkajsParts {
  metadataNotLoaded(what: string): Error;
  staleMetadata(error: unknown): boolean;
  group(args: {
    topic: string;
    partitionMetadata: readonly unknown[];
    messages: readonly Message[];
    partitioner: SendDeps['partitioner'];
  }): Record<string, readonly Message[]>;
}

/**
 * kafkajs' way of sending, but for what it does again. Where one broker took its part and another did not, kafkajs asks those that have not answered once more, and
 * by then they may lead partitions that the first one has written: these are written twice, with sequence numbers that say they are new, and a transaction
 * commits both. It also begins again while other brokers are still being asked, and deals messages without a partition anew. Here everybody is heard before anything
 * is done again, a partition that has its messages is not sent them again whoever leads it, and messages stay where they were dealt.
 */
export function createSendMessages(
  { logger, cluster, partitioner, eosManager, retrier }: SendDeps,
  { metadataNotLoaded, staleMetadata, group }: KafkajsParts,
): (request: SendRequest) => Promise<object[]> {
  const produce = async (
    { acks, timeout, compression }: SendRequest,
    broker: Broker,
    topicData: readonly TopicData[],
  ): Promise<{ topicName: string; answer: Answer }[]> => {
    await eosManager.acquireBrokerLock(broker);
    try {
      if (eosManager.isTransactional()) await eosManager.addPartitionsToTransaction(topicData);
      const count = (sign: 1 | -1): void => {
        for (const { topic, partitions } of topicData)
          for (const { partition, messages } of partitions)
            eosManager.updateSequence(topic, partition, sign * messages.length);
      };
      for (const { topic, partitions } of topicData)
        for (const data of partitions) data.firstSequence = eosManager.getSequence(topic, data.partition);
      count(1);
      try {
        const response = await broker.produce({
          transactionalId: eosManager.isTransactional() ? eosManager.getTransactionalId() : undefined,
          producerId: eosManager.getProducerId(),
          producerEpoch: eosManager.getProducerEpoch(),
          acks,
          timeout,
          compression,
          topicData,
        });
        // Who does not ask for an acknowledgement gets none.
        if (acks === 0) return [];
        return response.topics.flatMap(({ topicName, partitions }) =>
          partitions.map((answer) => ({ topicName, answer })),
        );
      } catch (error) {
        // The same numbers again: what the broker has written nevertheless it knows by them.
        count(-1);
        throw error;
      }
    } finally {
      await eosManager.releaseBrokerLock(broker);
    }
  };

  return async (request) => {
    const dealt = new Map<string, Record<string, readonly Message[]>>();
    const done = new Set<string>();
    const answers: object[] = [];
    const deal = (topic: string, messages: readonly Message[]): Record<string, readonly Message[]> => {
      const before = dealt.get(topic);
      if (before !== undefined) return before;
      const partitionMetadata = cluster.findTopicPartitionMetadata(topic);
      if (partitionMetadata.length === 0) throw metadataNotLoaded('Producing to topic without metadata');
      const groups = group({ topic, partitionMetadata, messages, partitioner });
      dealt.set(topic, groups);
      return groups;
    };
    const sendRest = async (): Promise<void> => {
      await cluster.refreshMetadataIfNecessary();
      const byBroker = new Map<string, TopicData[]>();
      for (const { topic, messages } of request.topicMessages) {
        const groups = deal(topic, messages);
        const rest = Object.keys(groups).filter((partition) => !done.has(`${topic}/${partition}`));
        for (const [nodeId, partitions] of Object.entries(cluster.findLeaderForPartitions(topic, rest))) {
          const data = partitions.map((partition) => ({ partition, messages: groups[partition] ?? [] }));
          byBroker.set(nodeId, [...(byBroker.get(nodeId) ?? []), { topic, partitions: data }]);
        }
      }
      const asked = await Promise.allSettled(
        [...byBroker].map(async ([nodeId, topicData]) => {
          const taken = await produce(request, await cluster.findBroker({ nodeId }), topicData);
          for (const { topic, partitions } of topicData)
            for (const { partition } of partitions) done.add(`${topic}/${partition}`);
          answers.push(...taken.map(({ topicName, answer }) => ({ topicName, ...answer })));
        }),
      );
      for (const outcome of asked) if (outcome.status === 'rejected') throw outcome.reason;
    };

    return await retrier(async (bail, retryCount, retryTime) => {
      await cluster.addMultipleTargetTopics(request.topicMessages.map(({ topic }) => topic));
      try {
        await sendRest();
      } catch (error) {
        const { name, message, retriable, host, port } = failureOf(error);
        if (name === 'KafkaJSConnectionClosedError') cluster.removeBroker({ host, port });
        if (!cluster.isConnected()) {
          logger.debug(`Cluster has disconnected, reconnecting: ${message}`, { retryCount, retryTime });
          await cluster.connect();
          await cluster.refreshMetadata();
          throw error;
        }
        logger.error(`Failed to send messages: ${message}`, { retryCount, retryTime });
        if (staleMetadata(error) || PASSING.has(name) || (name === 'KafkaJSProtocolError' && retriable)) {
          await cluster.refreshMetadata();
          throw error;
        }
        if (retriable) throw error;
        bail(error);
      }
      return answers;
    });
  };
}

const PASSING: ReadonlySet<string> = new Set([
  'KafkaJSMetadataNotLoaded',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
]);

interface Failure {
  name: string;
  message: string;
  retriable: boolean;
  host: unknown;
  port: unknown;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error))
    return { name: '', message: String(error), retriable: false, host: undefined, port: undefined };
  const { name, message } = error;
  const retriable = 'retriable' in error && error.retriable === true;
  const host = 'host' in error ? error.host : undefined;
  return { name, message, retriable, host, port: 'port' in error ? error.port : undefined };
}
