import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createServices, readMetrics } from '../../services/console/service-status.ts';
import { startHealthServer } from '../../services/platform/health.ts';
import { createMetrics } from '../../services/platform/metrics.ts';
import { createStreamMetrics } from '../../services/stream/kafka/metrics.ts';

test('a service says how far it is; one that does not answer is said to, and holds up no other', async (t) => {
  const metrics = createMetrics('calls');
  const stream = createStreamMetrics(metrics)('calls');
  stream.lag([{ topic: 'llm.api-calls', partition: 0, records: 17 }]);
  stream.counted('late', 'minute_closed', 3);
  const task = {
    partition: 0,
    state: 'running',
    watermark: 1_776_816_000_000,
    idle: false,
    lastCheckpoint: null,
    replayRemaining: 0,
    positions: { 'llm.api-calls': { processed: '120', committed: '100' } },
  };
  const lane = { topic: 'stillwatch.alerts', partition: 1, offset: '9', state: 'running' };
  const health = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    ready: {},
    metrics: metrics.text,
    status: () => ({ accounts: 12, calls: [task], sink: [lane] }),
  });
  t.after(() => health.close());
  const other = createServer((_, response) => response.end('not JSON')).listen(0, '127.0.0.1');
  t.after(() => other.close());
  const services = createServices({ entries: [`calls=${health.url}/`, 'links=http://127.0.0.1:1'], fetch });
  const [calls, links] = await services.statuses();
  assert.deepEqual([calls?.name, calls?.is_ready, calls?.error], ['calls', true, null]);
  assert.deepEqual(
    calls?.tasks.map(({ step, watermark }) => [step, watermark]),
    [['calls', 1_776_816_000_000]],
  );
  assert.deepEqual(calls?.lanes, [lane]);
  const value = (name: string) => calls?.metrics.find((sample) => sample.name === name)?.value;
  assert.deepEqual([value('stream_lag_records'), value('stream_decisions_total')], [17, 3]);
  assert.equal(links?.is_ready, false);
  assert.match(links?.error ?? '', /./);
});

test('only what the page shows is read of the metrics', () => {
  const text = [
    '# HELP stillwatch_stream_lag_records x',
    'process_cpu_seconds_total 1',
    'stillwatch_stream_lag_records{step="a",topic="t"} 4',
    'stillwatch_stream_lag_recordsx 9',
  ].join('\n');
  assert.deepEqual(readMetrics(text), [{ name: 'stream_lag_records', labels: { step: 'a', topic: 't' }, value: 4 }]);
});
