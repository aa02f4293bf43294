import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assigner, PartitionAssigner } from 'kafkajs';
import pino from 'pino';
import type { Consumer, KafkaClient } from '../../../services/stream/kafka/client.ts';
import { Membership } from '../../../services/stream/kafka/membership.ts';
import type { KnownMember } from '../../../services/stream/kafka/rejoin.ts';

/** A group whose consumer connects when the test says so. */
function connecting({ joined = Promise.resolve() }: { joined?: Promise<void> } = {}) {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const letIn = (): void => resolve();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const knownAs: (string | null)[] = [];
  const listeners = new Map<string, (event: { payload: unknown }) => void>();
  const made = Promise.withResolvers<void>();
  let consumers = 0;
  const consumer: Partial<Consumer> = {
    events: {
      CRASH: 'consumer.crash',
      STOP: 'consumer.stop',
      GROUP_JOIN: 'consumer.group_join',
      REQUEST_TIMEOUT: 'consumer.network.request_timeout',
      REBALANCING: 'consumer.rebalancing',
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
    run: () => {
      calls.push('run');
      return joined;
    },
    disconnect: async () => void calls.push('disconnect'),
  };
  const membership = new Membership({
    kafka: {
      consumer({ partitionAssigners: [assigner] = [] }) {
        const told: (Assigner & Partial<KnownMember>) | undefined = assigner?.({} as Parameters<PartitionAssigner>[0]);
        knownAs.push(told?.knownAs?.() ?? null);
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
  const happens = (event: string, payload: unknown) => listeners.get(event)?.({ payload });
  const timedOut = (apiName: string) => happens('consumer.network.request_timeout', { apiName });
  return { membership, asked, letIn, calls, knownAs, happens, timedOut, replaced: made.promise };
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

test('a member whose join is not answered leaves and comes back; any other request may be late', async () => {
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

test('a member whose consumer crashed joins as who it was', async () => {
  const { membership, asked, letIn, knownAs, happens, replaced } = connecting();
  membership.start();
  await asked;
  letIn();
  await new Promise(setImmediate);
  happens('consumer.group_join', { memberId: 'it-itself', memberAssignment: {} });
  happens('consumer.crash', { error: new Error('the broker is away') });
  await replaced;
  assert.deepEqual(knownAs, [null, 'it-itself']);
  await membership.stop();
});

test('a member that has not joined long after others are given to come back is replaced, and not one that has joined', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const LONG = 20_000;
  for (const answered of [true, false]) {
    const { membership, asked, letIn, calls, happens } = connecting({ joined: new Promise(() => {}) });
    membership.start();
    await asked;
    letIn();
    await new Promise(setImmediate);
    if (answered) happens('consumer.group_join', { memberId: 'it-itself', memberAssignment: {} });
    t.mock.timers.tick(LONG);
    await new Promise(setImmediate);
    assert.deepEqual(calls, answered ? ['subscribe', 'run'] : ['subscribe', 'run', 'disconnect']);
    if (answered) {
      happens('consumer.rebalancing', {});
      t.mock.timers.tick(LONG);
      await new Promise(setImmediate);
      assert.deepEqual(calls, ['subscribe', 'run', 'disconnect'], 'nor one that joins again for so long');
    }
    await membership.stop();
  }
});
