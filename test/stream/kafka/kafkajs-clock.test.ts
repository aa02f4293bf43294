import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { patchKafkajs } from '../../../services/stream/kafka/kafkajs-patches.ts';

/** The parts of kafkajs that are tried here, as far as they are used. */
interface Request {
  entry: { correlationId: number; apiName: string; resolve(): void; reject(error: Error): void };
  expectResponse: boolean;
  sendRequest(): void;
}
interface Queue {
  push(request: Request): void;
  scheduleRequestTimeoutCheck(): void;
  maybeThrottle(milliseconds: number): void;
  canSendSocketRequestImmediately(): boolean;
  destroy(): void;
}
interface Group {
  memberId: string;
  coordinator: { heartbeat(): Promise<void> };
  heartbeat(options: { interval: number }): Promise<void>;
}

patchKafkajs();
const require = createRequire(import.meta.url);
const root = dirname(require.resolve('kafkajs/package.json'));
const RequestQueue: new (options: object) => Queue = require(join(root, 'src/network/requestQueue'));
const ConsumerGroup: new (options: object) => Group = require(join(root, 'src/consumer/consumerGroup.js'));

const HOUR = 3_600_000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const logger = { ...silent, namespace: () => silent };

/** Both clocks, in the hands of the test. */
function clocks(mock: { method(object: object, name: string, implementation: () => number): unknown }) {
  const time = { ofDay: Date.UTC(2026, 3, 22), monotonic: 1_000_000 };
  mock.method(Date, 'now', () => time.ofDay);
  mock.method(performance, 'now', () => time.monotonic);
  return time;
}

test('heartbeats go on after the clock was set back by an hour, and come no faster after it was set ahead', async ({
  mock,
}) => {
  const time = clocks(mock);
  let heartbeats = 0;
  const group = new ConsumerGroup({ logger, instrumentationEmitter: { emit() {} }, retry: {}, topics: [] });
  group.memberId = 'member';
  group.coordinator = {
    async heartbeat() {
      heartbeats++;
    },
  };
  for (const jump of [0, -HOUR, HOUR, HOUR, -HOUR]) {
    time.ofDay += jump;
    const before = heartbeats;
    await group.heartbeat({ interval: 1_000 });
    assert.equal(heartbeats, before, `not yet due, after a jump of ${jump}`);
    time.monotonic += 1_000;
    await group.heartbeat({ interval: 1_000 });
    assert.equal(heartbeats, before + 1, `due, after a jump of ${jump}`);
  }
});

test('a request times out when it has taken too long, not when the clock was set ahead, and also when it was set back', async ({
  mock,
}) => {
  const time = clocks(mock);
  mock.timers.enable({ apis: ['setInterval'] });
  const queue = new RequestQueue({
    logger,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    maxInFlightRequests: null,
    clientId: 'test',
    broker: 'test',
  });
  queue.scheduleRequestTimeoutCheck();
  const failed: Error[] = [];
  queue.push({
    entry: { correlationId: 1, apiName: 'Fetch', resolve() {}, reject: (error) => failed.push(error) },
    expectResponse: true,
    sendRequest() {},
  });
  time.ofDay += HOUR;
  mock.timers.tick(100);
  assert.equal(failed.length, 0);
  time.ofDay -= 2 * HOUR;
  time.monotonic += 30_001;
  mock.timers.tick(100);
  assert.match(failed[0]?.message ?? '', /timed out/);
  queue.destroy();
});

test('a broker that asks for a pause of a second is left alone for a second, whatever happens to the clock', ({
  mock,
}) => {
  const time = clocks(mock);
  const queue = new RequestQueue({ logger, requestTimeout: 30_000, maxInFlightRequests: null });
  queue.maybeThrottle(1_000);
  time.ofDay += HOUR;
  assert.equal(queue.canSendSocketRequestImmediately(), false);
  time.ofDay -= 2 * HOUR;
  time.monotonic += 1_000;
  assert.equal(queue.canSendSocketRequestImmediately(), true);
});
