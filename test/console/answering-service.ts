import { TEST_PATH } from '../../services/notify/test-request.ts';
import { startHealthServer } from '../../services/platform/health.ts';
import { createMetrics } from '../../services/platform/metrics.ts';
import { createStreamMetrics } from '../../services/stream/kafka/metrics.ts';

/** Watermark of the task that has one. */
export const WATERMARK = Date.UTC(2026, 3, 22);

/** The health server of a `calls` with two tasks, one before its first record, of a lane of the sink, and of a `notify` whose targets take every test. */
export async function startAnsweringService() {
  const metrics = createMetrics('calls');
  const stream = createStreamMetrics(metrics)('calls');
  stream.lag([{ topic: 'llm.api-calls', partition: 0, records: 1_700 }]);
  stream.counted('late', 'minute_closed', 3);
  const task = (partition: number, watermark: number) => ({
    partition,
    state: 'running',
    watermark,
    idle: partition === 1,
    lastCheckpoint: null,
    replayRemaining: 0,
    positions: { 'llm.api-calls': { processed: '1200', committed: '100' } },
  });
  const lane = { topic: 'stillwatch.alerts', partition: 1, offset: '9', state: 'running' };
  return await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    ready: {},
    metrics: metrics.text,
    status: () => ({
      accounts: 12,
      calls: [task(0, WATERMARK), task(1, Number.MIN_SAFE_INTEGER)],
      sink: [lane],
      targets: ['siem'],
    }),
    actions: {
      [TEST_PATH]: async () => ({
        code: 200,
        body: {
          sent: ['opened', 'resolved'].map((type) => ({
            type: `stillwatch.alert.${type}`,
            is_taken: type === 'opened',
            outcome: type === 'opened' ? 'HTTP 202' : 'HTTP 503',
            answer: `<b>${type}</b>${'x'.repeat(400)}`,
          })),
        },
      }),
    },
  });
}
