import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import pino from 'pino';
import { createKafkaClient, type Producer } from '../../../services/stream/kafka/client.ts';
import { withoutAborted } from '../../../services/stream/kafka/kafkajs-patches.ts';
import { makeTopics } from '../../../services/stream/kafka/make-topics.ts';
import { startKafkaForTest } from '../../support/kafka.ts';

interface Entry {
  offset: string;
  key: Buffer | null;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
}

/** A log as a broker makes it from producers that write, commit and abort in turn, and its list of aborted transactions: by their end. */
function logOf(steps: readonly (readonly [producer: number, act: 'write' | 'commit' | 'abort'])[]) {
  const messages: Entry[] = [];
  const abortedTransactions: { firstOffset: string; producerId: string }[] = [];
  const open = new Map<number, number[]>();
  const committed: string[] = [];
  for (const [producer, act] of steps) {
    const offset = messages.length;
    const mine = open.get(producer) ?? [];
    if (act !== 'write' && mine.length === 0) continue;
    messages.push({
      offset: String(offset),
      // A message may have any key, that of a marker too.
      key: Buffer.from([0, 0, 0, act === 'commit' ? 1 : 0]),
      isControlRecord: act !== 'write',
      batchContext: { producerId: String(producer), inTransaction: true },
    });
    if (act === 'write') open.set(producer, [...mine, offset]);
    else {
      if (act === 'commit') committed.push(...mine.map(String));
      else abortedTransactions.push({ firstOffset: String(mine[0]), producerId: String(producer) });
      open.delete(producer);
    }
  }
  // A reader of what is committed is given the log up to the first transaction that is still open.
  const stable = Math.min(messages.length, ...[...open.values()].map(([first = 0]) => first));
  const within = (offset: string) => Number(offset) < stable;
  return {
    fetched: { messages: messages.filter(({ offset }) => within(offset)), abortedTransactions },
    committed: committed.filter(within).sort((a, b) => Number(a) - Number(b)),
  };
}

const visible = (messages: readonly Entry[]) =>
  messages.filter(({ isControlRecord }) => !isControlRecord).map(({ offset }) => offset);

test('a transaction that began first and was aborted last stays hidden', () => {
  const { fetched, committed } = logOf([
    [1, 'write'],
    [2, 'write'],
    [2, 'abort'],
    [1, 'abort'],
    [3, 'write'],
    [3, 'commit'],
  ]);
  assert.deepEqual(visible(withoutAborted(fetched)), ['4']);
  assert.deepEqual(committed, ['4']);
});

test('whatever producers do side by side, a reader sees exactly what was committed', () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('write', 'write', 'commit', 'abort'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { fetched, committed } = logOf(steps);
      assert.deepEqual(visible(withoutAborted(fetched)), committed);
    }),
    { numRuns: 1_000 },
  );
});

test('on a real broker, too, nobody sees what was aborted', { timeout: 120_000 }, async (t) => {
  const { brokers, stop } = await startKafkaForTest();
  t.after(stop);
  const topic = `aborted-${process.pid}`;
  const kafka = createKafkaClient({ brokers: brokers.split(','), clientId: topic }, pino({ level: 'silent' }));
  const admin = kafka.admin();
  await admin.connect();
  await makeTopics(admin, [{ topic, numPartitions: 2 }]);
  const producers = ['first', 'second', 'third'].map((name) => kafka.transactionalProducer(`${topic}.${name}`));
  const begin = async (producer: Producer | undefined, value: string, partition = 0) => {
    await producer?.connect();
    const transaction = await producer?.transaction();
    await transaction?.send({ topic, messages: [{ value, partition }] });
    return transaction;
  };
  /** Markers are written after the answer to whoever ends a transaction; his next one has to wait for them. */
  const ended = async (producer: Producer | undefined): Promise<void> => {
    await (await begin(producer, 'elsewhere', 1))?.commit();
  };
  const first = await begin(producers[0], 'first, aborted');
  const second = await begin(producers[1], 'second, aborted');
  await second?.abort();
  await ended(producers[1]);
  await first?.abort();
  await ended(producers[0]);
  await (await begin(producers[2], 'third, committed'))?.commit();

  const seen: string[] = [];
  const consumer = kafka.consumer({ groupId: topic, readUncommitted: false, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const end = Promise.withResolvers<void>();
  await consumer.run({
    eachBatch: async ({ batch }) => {
      if (batch.partition !== 0) return;
      for (const { value } of batch.messages) seen.push(String(value));
      if (seen.includes('third, committed')) end.resolve();
    },
  });
  await end.promise;
  await consumer.disconnect();
  await Promise.all(producers.map((producer) => producer.disconnect()));
  await admin.disconnect();
  assert.deepEqual(seen, ['third, committed']);
});
