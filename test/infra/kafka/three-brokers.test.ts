import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type KafkaCluster, startKafka } from '../../../infra/kafka/start.ts';
import { connectTo, createTopic, readValues, withProducer } from './client.ts';

let dir: string;
let cluster: KafkaCluster;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stillwatch-infra-'));
  cluster = await startKafka({ dir, brokers: 3, heapMb: 256 });
});
after(async () => {
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
});

test('three brokers are one cluster, which takes acknowledged writes and transactions with any one of them gone', async () => {
  const kafka = connectTo(cluster.brokers);
  await createTopic(kafka, 'calls');
  const admin = kafka.admin();
  await admin.connect();
  const { brokers } = await admin.describeCluster();
  assert.deepEqual(
    brokers.map(({ nodeId, port }) => ({ id: nodeId, port })).sort((a, b) => a.id - b.id),
    cluster.nodes.map(({ id, port }) => ({ id, port })),
  );
  const { topics } = await admin.fetchTopicMetadata({ topics: ['calls'] });
  const partition = topics[0]?.partitions[0];
  assert.equal(partition?.replicas.length, 3);
  await admin.disconnect();

  await withProducer(kafka, async (producer) => {
    await producer.send({ topic: 'calls', acks: -1, messages: [{ value: 'with three' }] });
  });
  // The partition's leader: the harder of the two cases.
  const leader = cluster.nodes.find(({ id }) => id === partition?.leader);
  assert.ok(leader);
  await leader.kill('SIGKILL');
  await withProducer(kafka, async (producer) => {
    await producer.send({ topic: 'calls', acks: -1, messages: [{ value: 'with two' }] });
  });
  await withProducer(
    kafka,
    async (producer) => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'calls', messages: [{ value: 'transaction with two' }] });
      await transaction.commit();
    },
    'three-test',
  );
  await leader.restart();
  const values = (await readValues(kafka, 'calls', 3)).map(({ value }) => value);
  assert.deepEqual(values, ['with three', 'with two', 'transaction with two']);
});
