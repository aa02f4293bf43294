import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import type { Consumer, KafkaClient } from '../../../services/stream/kafka/client.ts';
import { Membership } from '../../../services/stream/kafka/membership.ts';

/** A group whose consumer connects when the test says so. */
function connecting() {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const letIn = (): void => resolve();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const listeners = new Map<string, (event: { payload: unknown }) => void>();
  const made = Promise.withResolvers<void>();
  let consumers = 0;
  const consumer: Partial<Consumer> = {
    events: {
      CRASH: 'consumer.crash',
      STOP: 'consumer.stop',
      GROUP_JOIN: 'consumer.group_join',
      REQUEST_TIMEOUT: 'consumer.network.request_timeout',
    } as Partial<Consumer['events']> as Consumer['events'],
    on: ((name: string, listener: (event: { payload: unknown }) => void) => {
      listeners.set(name, listener);
      return () => {};
    }) as Consumer['on'],
    connect: () => {
      ask();
      return connected;
    },
    subscribe: async () => void calls.push('subscribe'),
    run: async () => void calls.push('run'),
    disconnect: async () => void calls.push('disconnect'),
  };
  const membership = new Membership({
    kafka: {
      consumer() {
        if (++consumers === 2) made.resolve();
        return consumer as Consumer;
      },
    } as Partial<KafkaClient> as KafkaClient,
    log: pino({ level: 'silent' }),
    groupId: 'group',
    topics: ['topic'],
    tasks: 'partition',
    onAssigned: () => {},
  });
  const timedOut = (apiName: string) => listeners.get('consumer.network.request_timeout')?.({ payload: { apiName } });
  return { membership, asked, letIn, calls, timedOut, replaced: made.promise };
}

test('a member that is stopped while it connects ends at once, and does not begin to consume when it is connected after all', async () => {
  const { membership, asked, letIn, calls } = connecting();
  membership.start();
  await asked;
  await membership.stop();
  assert.deepEqual(calls, ['disconnect']);
  letIn();
  await new Promise(setImmediate);
  assert.deepEqual(calls, ['disconnect', 'disconnect']);
});

test('a member whose join is not answered leaves and comes back as another; any other request may be late', async () => {
  const { membership, asked, letIn, calls, timedOut, replaced } = connecting();
  membership.start();
  await asked;
  letIn();
  await new Promise(setImmediate);
  timedOut('Heartbeat');
  await new Promise(setImmediate);
  assert.deepEqual(calls, ['subscribe', 'run']);
  timedOut('JoinGroup');
  await replaced;
  assert.equal(calls[2], 'disconnect');
  await membership.stop();
});
