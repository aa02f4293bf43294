import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { stateTopic } from '../../../services/stream/kafka/binding.ts';
import { createKafkaClient } from '../../../services/stream/kafka/client.ts';
import { makeTopics } from '../../../services/stream/kafka/make-topics.ts';
import type { TaskMeasure } from '../../../services/stream/kafka/metrics.ts';
import { createStepRunner } from '../../../services/stream/kafka/runner.ts';
import { withAdmin } from '../../../services/stream/kafka/with-admin.ts';
import { startKafkaForTest, type TestKafka } from '../../support/kafka.ts';
import { silentMetrics, toyBinding } from './toy.ts';

let broker: TestKafka;
before(async () => {
  broker = await startKafkaForTest();
});
after(() => broker.stop());

test('what comes in while a step is stuck is measured all the same', { timeout: 120_000 }, async () => {
  const log = pino({ level: 'silent' });
  const kafka = createKafkaClient({ brokers: broker.brokers.split(','), clientId: 'stuck' }, log);
  const topics = ['stuck.in', 'stuck.out', 'stuck.out.dead', stateTopic('stuck')];
  await withAdmin(kafka, (admin) =>
    makeTopics(
      admin,
      topics.map((topic) => ({ topic, numPartitions: 1 })),
    ),
  );
  const producer = kafka.producer();
  await producer.connect();
  const send = (n: number) =>
    producer.send({ topic: 'stuck.in', messages: Array.from({ length: n }, () => ({ key: 'k', value: 'x' })) });

  const reached = new Map<number, () => void>();
  const lagOf = (records: number): Promise<void> => new Promise((resolve) => reached.set(records, resolve));
  let tasks: readonly TaskMeasure[] = [];
  const stuck = Promise.withResolvers<void>();
  const binding = toyBinding('stuck', 'stuck.in', 'stuck.out');
  const runner = createStepRunner(
    // Whatever it needs to read a message does not come.
    { ...binding, inputs: { events: { ...binding.inputs.events, prepare: () => stuck.promise } } },
    {
      kafka,
      log,
      metrics: {
        ...silentMetrics,
        tasks(current) {
          tasks = current;
        },
        lag(current) {
          assert.ok(current.every(({ topic, partition }) => topic === 'stuck.in' && partition === 0));
          for (const { records } of current) reached.get(records)?.();
        },
      },
      settings: { commitInterval: 100, checkpointInterval: 700, idleTimeout: 60_000, idleSpeed: 1 },
      now: Date.now,
      monotonicNow: () => performance.now(),
      onFatal: stuck.reject,
    },
  );
  await send(3);
  const first = lagOf(3);
  const second = lagOf(10);
  await runner.start();
  await first;
  await send(7);
  await second;
  assert.deepEqual(
    tasks.map(({ partition, state }) => [partition, state]),
    [[0, 'running']],
  );
  stuck.resolve();
  await lagOf(0);
  await runner.stop();
  await producer.disconnect();
});
