import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import type { Consumer, KafkaClient } from '../../../services/stream/kafka/client.ts';
import { Membership } from '../../../services/stream/kafka/membership.ts';

/** A group whose consumer connects when the test says so. */
function connecting() {
  const { promise: connected, resolve: connect } = Promise.withResolvers<void>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const consumer: Partial<Consumer> = {
    events: { CRASH: 'consumer.crash', STOP: 'consumer.stop', GROUP_JOIN: 'consumer.group_join' } as Partial<
      Consumer['events']
    > as Consumer['events'],
    on: (() => () => {}) as Consumer['on'],
    connect: () => {
      ask();
      return connected;
    },
    subscribe: async () => void calls.push('subscribe'),
    run: async () => void calls.push('run'),
    disconnect: async () => void calls.push('disconnect'),
  };
  const membership = new Membership({
    kafka: { consumer: () => consumer as Consumer } as Partial<KafkaClient> as KafkaClient,
    log: pino({ level: 'silent' }),
    groupId: 'group',
    topics: ['topic'],
    tasks: 'partition',
    onAssigned: () => {},
  });
  return { membership, asked, connect, calls };
}

test('a member that is stopped while it connects ends at once, and does not begin to consume when it is connected after all', async () => {
  const { membership, asked, connect, calls } = connecting();
  membership.start();
  await asked;
  await membership.stop();
  assert.deepEqual(calls, ['disconnect']);
  connect();
  await new Promise(setImmediate);
  assert.deepEqual(calls, ['disconnect', 'disconnect']);
});
