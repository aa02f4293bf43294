import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createSendMessages, type KafkajsParts, type SendDeps } from '../../../services/stream/kafka/send-messages.ts';

interface Sent {
  broker: number;
  /** Partition, first sequence number, messages. */
  partitions: [partition: string, sequence: number | undefined, messages: number][];
}

type Outcome = 'taken' | 'not_leader' | 'written_and_lost';

class Protocol extends Error {
  readonly retriable = true;
  override readonly name = 'KafkaJSProtocolError';
}

/** What a cluster of two does: `outcomes` in the order of requests to each broker, `leaders` by partition, which a refresh may change. */
function cluster(outcomes: Readonly<Record<number, Outcome[]>>, leaders: string[], after: string[] = leaders) {
  const sent: Sent[] = [];
  const sequences = new Map<string, number>();
  let current = leaders;
  let dealt = 0;
  const broker = (nodeId: number) => ({
    nodeId,
    async produce({
      topicData,
    }: {
      topicData: { partitions: { partition: string; firstSequence: number; messages: object[] }[] }[];
    }) {
      const partitions = topicData.flatMap((topic) => topic.partitions);
      sent.push({
        broker: nodeId,
        partitions: partitions.map(({ partition, firstSequence, messages }) => [
          partition,
          firstSequence,
          messages.length,
        ]),
      });
      // The second one is heard of later.
      for (let turn = 0; turn < nodeId * 5; turn++) await Promise.resolve();
      const outcome = outcomes[nodeId]?.shift() ?? 'taken';
      if (outcome !== 'taken') throw new Protocol(outcome);
      return {
        topics: [{ topicName: 't', partitions: partitions.map(({ partition }) => ({ partition: Number(partition) })) }],
      };
    },
  });
  const brokers = [broker(0), broker(1)];
  const deps = {
    logger: { debug() {}, error() {} },
    cluster: {
      refreshMetadataIfNecessary: async () => {},
      async refreshMetadata() {
        current = after;
      },
      addMultipleTargetTopics: async () => {},
      findTopicPartitionMetadata: () => leaders,
      findLeaderForPartitions(_: string, partitions: readonly (string | number)[]) {
        const led: Record<string, string[]> = {};
        for (const partition of partitions) {
          const leader = current[Number(partition)] ?? '';
          led[leader] = [...(led[leader] ?? []), String(partition)];
        }
        return led;
      },
      findBroker: async ({ nodeId }: { nodeId: string }) => brokers[Number(nodeId)],
      removeBroker() {},
      isConnected: () => true,
      connect: async () => {},
    },
    // Deals each message to the next partition, whenever it is asked.
    partitioner: () => dealt++ % leaders.length,
    eosManager: {
      isTransactional: () => true,
      getTransactionalId: () => 'x',
      getProducerId: () => 1,
      getProducerEpoch: () => 0,
      getSequence: (_: string, partition: string | number) => sequences.get(String(partition)) ?? 0,
      updateSequence: (_: string, partition: string | number, by: number) =>
        void sequences.set(String(partition), (sequences.get(String(partition)) ?? 0) + by),
      addPartitionsToTransaction: async () => {},
      acquireBrokerLock: async () => {},
      releaseBrokerLock: async () => {},
    },
    async retrier<Value>(work: (bail: (error: unknown) => void, count: number, time: number) => Promise<Value>) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await work(assert.ifError, attempt, 0);
        } catch (error) {
          if (attempt === 5) throw error;
        }
      }
    },
  } as unknown as SendDeps; // of kafkajs' insides what is asked for
  return { deps, sent };
}

const require = createRequire(import.meta.url);
const source = join(dirname(require.resolve('kafkajs/package.json')), 'src');
const group: KafkajsParts['group'] = require(join(source, 'producer/groupMessagesPerPartition.js'));
const parts: KafkajsParts = { metadataNotLoaded: (what) => new Error(what), staleMetadata: () => false, group };
/** kafkajs' own, as it is before it is corrected. */
const original: (deps: SendDeps) => ReturnType<typeof createSendMessages> = require(
  join(source, 'producer/sendMessages.js'),
);

const request = (messages: object[]) => ({
  acks: -1,
  timeout: 1,
  compression: 0,
  topicMessages: [{ topic: 't', messages }],
});
const FOUR = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }];

/** How often each partition was sent its messages with numbers that were new. */
function written(sent: readonly Sent[]): Record<string, number> {
  const numbers = new Map<string, Set<number | undefined>>();
  for (const { partitions } of sent)
    for (const [partition, sequence] of partitions)
      numbers.set(partition, (numbers.get(partition) ?? new Set()).add(sequence));
  return Object.fromEntries([...numbers].map(([partition, { size }]) => [partition, size]));
}

test('a partition that has its messages is not sent them again by the broker that leads it by then; kafkajs does', async () => {
  const movedTo = (): [ReturnType<typeof cluster>, Promise<object[]>][] =>
    [createSendMessages, original].map((make) => {
      const made = cluster({ 1: ['not_leader'] }, ['0', '1'], ['1', '1']);
      return [made, make(made.deps, parts)(request(FOUR))];
    });
  const [[ours, taken], [theirs, takenTwice]] = movedTo() as [
    ReturnType<typeof movedTo>[0],
    ReturnType<typeof movedTo>[0],
  ];
  assert.deepEqual(
    (await taken).map((answer) => ({ ...answer })),
    [
      { topicName: 't', partition: 0 },
      { topicName: 't', partition: 1 },
    ],
  );
  assert.deepEqual(ours.sent, [
    { broker: 0, partitions: [['0', 0, 2]] },
    { broker: 1, partitions: [['1', 0, 2]] },
    { broker: 1, partitions: [['1', 0, 2]] },
  ]);
  await takenTwice;
  assert.deepEqual(written(theirs.sent), { 0: 2, 1: 1 }, 'else this correction is not needed any more');
});

test('nothing is done again before everybody was heard', async () => {
  const { deps, sent } = cluster({ 0: ['not_leader'] }, ['0', '1']);
  await createSendMessages(deps, parts)(request(FOUR));
  assert.deepEqual(
    sent.map(({ broker }) => broker),
    [0, 1, 0],
  );
  assert.deepEqual(written(sent), { 0: 1, 1: 1 });
});

test('what a broker may have written although it said nothing is sent again under the same numbers', async () => {
  const { deps, sent } = cluster({ 1: ['written_and_lost', 'written_and_lost'] }, ['0', '1']);
  const send = createSendMessages(deps, parts);
  await send(request(FOUR));
  await send(request(FOUR));
  assert.deepEqual(
    sent.filter(({ broker }) => broker === 1).map(({ partitions }) => partitions),
    [[['1', 0, 2]], [['1', 0, 2]], [['1', 0, 2]], [['1', 2, 2]]],
  );
});

test('messages stay on the partition that they were dealt to', async () => {
  const { deps, sent } = cluster({ 1: ['not_leader'] }, ['0', '1', '1']);
  await createSendMessages(deps, parts)(request(FOUR.slice(0, 3)));
  assert.deepEqual(
    sent.map(({ partitions }) => partitions.map(([partition]) => partition)),
    [['0'], ['1', '2'], ['1', '2']],
  );
});

test('an error that does not pass is told at once', async () => {
  const { deps } = cluster({}, ['0', '1']);
  deps.eosManager.addPartitionsToTransaction = async () => {
    throw new Error('fenced');
  };
  deps.retrier = async (work) => {
    let told: unknown = null;
    const value = await work((error) => (told = error), 0, 0);
    if (told !== null) throw told;
    return value;
  };
  await assert.rejects(createSendMessages(deps, parts)(request(FOUR)), /fenced/);
});
