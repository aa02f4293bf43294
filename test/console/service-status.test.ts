import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createServices, readMetrics } from '../../services/console/service-status.ts';
import { startAnsweringService, WATERMARK } from './answering-service.ts';

test('a service says how far it is; one that does not answer is said to, and holds up no other', async (t) => {
  const health = await startAnsweringService();
  t.after(() => health.close());
  const other = createServer((_, response) => response.end('not JSON')).listen(0, '127.0.0.1');
  t.after(() => other.close());
  const services = createServices({ entries: [`calls=${health.url}/`, 'links=http://127.0.0.1:1'], fetch });
  const [calls, links] = await services.statuses();
  assert.deepEqual([calls?.name, calls?.is_ready, calls?.error], ['calls', true, null]);
  assert.deepEqual(
    calls?.tasks.map(({ step, watermark }) => [step, watermark]),
    [
      ['calls', WATERMARK],
      ['calls', Number.MIN_SAFE_INTEGER],
    ],
  );
  assert.deepEqual(calls?.lanes, [{ topic: 'stillwatch.alerts', partition: 1, offset: '9', state: 'running' }]);
  const value = (name: string) => calls?.metrics.find((sample) => sample.name === name)?.value;
  assert.deepEqual([value('stream_lag_records'), value('stream_decisions_total')], [1_700, 3]);
  assert.equal(links?.is_ready, false);
  assert.match(links?.error ?? '', /./);
});

test('a service that sends us elsewhere is not followed there', async (t) => {
  const health = await startAnsweringService();
  t.after(() => health.close());
  const other = createServer(({ url }, response) => response.writeHead(307, { location: `${health.url}${url}` }).end());
  await once(other.listen(0, '127.0.0.1'), 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const [calls] = await createServices({ entries: [`calls=http://127.0.0.1:${port}`], fetch }).statuses();
  assert.deepEqual([calls?.is_ready, calls?.tasks, calls?.error !== null], [false, [], true]);
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
