import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { createStack, type Stack } from '../../infra/local/stack.ts';
import { readAlertMessage } from '../../services/clusters/alert-message.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { HOUR, MINUTE } from '../../services/records/window.ts';
import { createKafkaClient, type KafkaClient } from '../../services/stream/kafka/client.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { readLines, recordWebhooks, stillwatch } from '../support/pipeline.ts';
import { quantile } from '../support/quantile.ts';
import { behindIn } from './coordinator.ts';
import { createPacedCalls } from './paced-calls.ts';
import type { BenchResult, BenchRun } from './result.ts';
import { ACCOUNTS } from './synthetic-calls.ts';

const PARTITIONS = 4;
/** Calls a second. The first that cannot be kept up with is the last one tried. */
const RATES = [1_000, 2_000, 4_000, 8_000, 12_000, 16_000, 20_000, 30_000];
const WARM_UP = 20_000;
const HELD = 60_000;
const TICK = 100;
/** Event time in which a real second passes: a day in four minutes. */
const SPEED = 360;
const GRACE = MINUTE;

/** The five services as processes beside broker and ClickHouse: how soon a closed window is an alert, and how many calls a second they keep up with. */
export async function benchPipeline(): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  const webhook = await recordWebhooks();
  const stack = await createStack({
    dir: join(dir, 'stack'),
    partitions: PARTITIONS,
    webhookUrl: webhook.url,
    names: ['calls', 'links', 'clusters', 'sink', 'notify'],
  });
  try {
    await stack.startServices();
    const kafka = createKafkaClient(
      { brokers: stack.brokers.split(','), clientId: 'bench' },
      pino({ level: 'silent' }),
    );
    const runs = [await alertLatency(stack, kafka, dir), ...(await sustainedRates(kafka))];
    return {
      name: 'pipeline',
      input: `calls, links, clusters, sink and notify, one process each, ${PARTITIONS} partitions, broker and ClickHouse beside them; latency on a campaign of 24 accounts, a day in ${86_400 / SPEED} s; rates with ${ACCOUNTS} accounts, calls without text, held for ${HELD / 1_000} s`,
      runs,
      ratios: {},
    };
  } finally {
    await stack.stop();
    await webhook.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** From the call that passes the watermark over a window's end until a subscriber has the alert on that window. */
async function alertLatency(stack: Stack, kafka: KafkaClient, dir: string): Promise<BenchRun> {
  await stillwatch(['simulate', '--scenario', 'small', '--seed', '3', '--out', dir, '--quiet']);
  await stillwatch(['publish', '--accounts', join(dir, 'accounts.jsonl')], stack.env);
  const calls = await readLines<ApiCall>(join(dir, 'calls.jsonl'));
  const codecs = createCodecs(null);
  const passed = new Map<number, number>();
  const took: number[] = [];
  const consumer = kafka.consumer({ groupId: 'bench-alerts', maxWaitTimeInMs: TICK });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPICS.alerts], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const decoded = readAlertMessage(codecs, message);
      if (!decoded.ok) throw new Error(decoded.detail);
      const sent = passed.get(decoded.value.alert.updated_at);
      if (sent !== undefined) took.push(Date.now() - sent);
    },
  });
  const producer = kafka.producer();
  await producer.connect();
  const [first] = calls;
  if (first === undefined) throw new Error('the scenario has no calls');
  const begun = Date.now();
  let next = 0;
  while (next < calls.length) {
    const now = first.occurred_at + (Date.now() - begun) * SPEED;
    const due = calls.slice(next).findIndex((call) => call.occurred_at > now);
    const batch = due === -1 ? calls.slice(next) : calls.slice(next, next + due);
    next += batch.length;
    if (batch.length > 0) {
      await producer.send({
        topic: TOPICS.calls,
        messages: batch.map((call) => ({ key: call.account_id, value: codecs.of('api-call').encode(call) })),
      });
      const watermark = (batch.at(-1)?.occurred_at ?? 0) - GRACE;
      const hour = Math.floor(watermark / HOUR) * HOUR;
      if (!passed.has(hour)) passed.set(hour, Date.now());
    }
    await delay(TICK);
  }
  await delay(10 * TICK);
  await producer.disconnect();
  await consumer.disconnect();
  return {
    what: 'from the end of a window to its alert',
    figures: [
      { value: quantile(took, 0.99), unit: 'ms p99' },
      { value: quantile(took, 0.5), unit: 'ms p50' },
      { value: took.length, unit: 'alert messages' },
    ],
  };
}

/** Each rate that was tried, and by how much the `calls` service was behind before and after it was held. */
async function sustainedRates(kafka: KafkaClient): Promise<BenchRun[]> {
  const admin = kafka.admin();
  const producer = kafka.producer();
  await admin.connect();
  await producer.connect();
  const { publishFor } = createPacedCalls(producer, (now) => now);
  const runs: BenchRun[] = [];
  for (const rate of RATES) {
    await publishFor(WARM_UP, rate);
    const before = await behindIn(admin, 'calls', TOPICS.calls);
    const published = await publishFor(HELD, rate);
    const after = await behindIn(admin, 'calls', TOPICS.calls);
    const isFlat = after <= before + published;
    runs.push({
      what: `${rate} calls a second: ${isFlat ? 'kept up with' : 'not kept up with'}`,
      figures: [
        { value: published, unit: 'calls per second published' },
        { value: before, unit: 'calls behind before' },
        { value: after, unit: 'calls behind after' },
      ],
    });
    if (!isFlat) break;
  }
  await producer.disconnect();
  await admin.disconnect();
  return runs;
}
