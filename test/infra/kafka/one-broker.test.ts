import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type KafkaCluster, startKafka } from '../../../infra/kafka/start.ts';
import { connectTo, createTopic, readValues, withProducer } from './client.ts';

let dir: string;
let cluster: KafkaCluster;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stillwatch-infra-'));
  cluster = await startKafka({ dir, heapMb: 256 });
});
after(async () => {
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
});

test('a broker serves messages and transactions, of any time stamp, and keeps what it was given through a kill -9', async () => {
  const kafka = connectTo(cluster.brokers);
  await createTopic(kafka, 'calls');
  const ancient = String(Date.UTC(1970, 0, 2));
  const far = String(Date.UTC(2099, 0, 1));
  await withProducer(kafka, async (producer) => {
    await producer.send({ topic: 'calls', messages: [{ value: 'plain', timestamp: ancient }] });
  });
  await withProducer(
    kafka,
    async (producer) => {
      const dropped = await producer.transaction();
      await dropped.send({ topic: 'calls', messages: [{ value: 'aborted' }] });
      await dropped.abort();
      const kept = await producer.transaction();
      await kept.send({ topic: 'calls', messages: [{ value: 'committed', timestamp: far }] });
      await kept.commit();
    },
    'infra-test',
  );
  const expected = [
    { value: 'plain', timestamp: ancient },
    { value: 'committed', timestamp: far },
  ];
  assert.deepEqual(await readValues(kafka, 'calls', 2), expected);

  const [node] = cluster.nodes;
  assert.ok(node);
  const before = { pid: node.pid, port: node.port };
  await node.kill('SIGKILL');
  assert.equal(node.pid, null);
  await node.restart();
  assert.equal(node.port, before.port);
  assert.notEqual(node.pid, before.pid);
  await withProducer(kafka, async (producer) => {
    await producer.send({ topic: 'calls', messages: [{ value: 'later', timestamp: far }] });
  });
  assert.deepEqual(await readValues(kafka, 'calls', 3), [...expected, { value: 'later', timestamp: far }]);
});

test('a topic may allow messages of many megabytes, and only then takes them', async () => {
  const kafka = connectTo(cluster.brokers);
  const large = Buffer.alloc(10 * 1024 * 1024, 'x');
  await createTopic(kafka, 'small');
  await createTopic(kafka, 'large', [{ name: 'max.message.bytes', value: String(16 * 1024 * 1024) }]);
  await withProducer(kafka, async (producer) => {
    await assert.rejects(producer.send({ topic: 'small', messages: [{ value: large }] }), {
      type: 'MESSAGE_TOO_LARGE',
    });
    await producer.send({ topic: 'large', messages: [{ value: large }] });
  });
  const [found] = await readValues(kafka, 'large', 1);
  assert.equal(found?.value.length, large.length);
});

test('a topic that nobody created is an error and stays away', async () => {
  const kafka = connectTo(cluster.brokers);
  const admin = kafka.admin();
  await admin.connect();
  await assert.rejects(admin.fetchTopicMetadata({ topics: ['typo'] }), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });
  assert.equal((await admin.listTopics()).includes('typo'), false);
  await admin.disconnect();
});

test('a taken port is an error that names it and says what to do, and leaves nothing behind', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  await assert.rejects(startKafka({ dir: join(dir, 'second'), ports: [address.port] }), (error: Error) => {
    assert.match(error.message, new RegExp(`port ${address.port} on 127.0.0.1 is taken`));
    assert.match(error.message, /stop what uses it .* or choose another port/);
    return true;
  });
  other.close();
  assert.equal(existsSync(join(dir, 'second')), false);
});

test('a folder that holds one broker does not start as three', async () => {
  await assert.rejects(
    startKafka({ dir, brokers: 3 }),
    /holds a cluster of 1 broker\(s\), not 3: choose another folder/,
  );
});
