import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { createMetrics } from '../../../services/platform/metrics.ts';
import { type Lag, lagsOf, measureRegularly, type Position } from '../../../services/stream/kafka/lag.ts';
import { createStreamMetrics } from '../../../services/stream/kafka/metrics.ts';

const log = pino({ level: 'silent' });

test('lag is what lies between a position and the end of its partition; nothing is said of what is not known', async () => {
  const ends = new Map([
    [0, 100n],
    [1, 40n],
  ]);
  const at = (partition: number, offset: bigint): Position => ({ topic: 'calls', partition, offset });
  const lags = await lagsOf([at(0, 70n), at(1, 41n), at(2, 5n), at(0, -1n)], async () => ends);
  assert.deepEqual(lags, [
    { topic: 'calls', partition: 0, records: 30 },
    { topic: 'calls', partition: 1, records: 0 },
  ] satisfies Lag[]);
});

test('measuring goes on after a failure, and ends when it is told to', async () => {
  let measured = 0;
  const third = Promise.withResolvers<void>();
  const stop = measureRegularly(
    async () => {
      if (++measured === 3) third.resolve();
      throw new Error('the broker is away');
    },
    log,
    1,
  );
  const alive = setInterval(() => {}, 1_000); // measuring alone keeps no process up
  await third.promise;
  clearInterval(alive);
  stop();
  const when = measured;
  await new Promise(setImmediate);
  assert.equal(measured, when);
});

test('a partition that has gone to another process leaves no lag, state or watermark behind', async () => {
  const metrics = createMetrics('calls');
  const stream = createStreamMetrics(metrics)('calls');
  const samples = async (): Promise<string[]> =>
    (await metrics.text())
      .split('\n')
      .filter((line) => /^stillwatch_stream_(lag|task|watermark)/.test(line) && !line.endsWith(' 0'))
      .map((line) => line.replace(/service="calls",?/, ''));
  const both = [
    { partition: 0, state: 'running', watermark: 1_000 },
    { partition: 1, state: 'restoring', watermark: 0 },
  ] as const;
  stream.tasks(both);
  stream.lag(both.map(({ partition }) => ({ topic: 't', partition, records: 7 })));
  assert.equal((await samples()).length, 5);
  stream.tasks(both.slice(0, 1));
  stream.lag([{ topic: 't', partition: 0, records: 8 }]);
  const left = await samples();
  assert.deepEqual(
    left.map((line) => /partition="(\d)"/.exec(line)?.[1]),
    ['0', '0', '0'],
  );
  assert.ok(left.some((line) => line.endsWith(' 8')));
});
