import pino from 'pino';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { countBuffersWithHeap } from '../../services/platform/external-memory.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { addHash, createSketch, type DistinctSketch, encodeSketch } from '../../services/records/distinct-sketch.ts';
import { MINUTE, windowStart } from '../../services/records/window.ts';
import { callsService } from '../../services/run/calls.ts';
import { createContext } from '../../services/run/context.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { createStepRunner } from '../../services/stream/kafka/runner.ts';
import type { StepFactory } from '../../services/stream/step.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { silentMetrics } from '../stream/kafka/toy.ts';
import { sendAnswer } from './answer.ts';
import type { Measured } from './jobs.ts';

/** One measured process: processes every call of the topic, then says what CPU it took from its first to its last batch. */
const what: Measured = JSON.parse(process.argv[2] ?? '');
const log = pino({ level: 'warn' });
const kafka = createKafkaClient({ brokers: what.brokers.split(','), clientId: what.run }, log);
const codecs = createCodecs(null);
const codec = codecs.of('api-call');

interface Window {
  account_id: string;
  start: number;
  calls: number;
  tokens: number;
  errors: number;
  ips: DistinctSketch;
}

/** The baseline: no exactly once, no output, nothing but reading, decoding and adding up. */
async function raw(): Promise<void> {
  const windows = new Map<string, { calls: number; tokens: number; errors: number }>();
  const consumer = kafka.consumer({ groupId: what.run, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPICS.calls], fromBeginning: true });
  let seen = 0;
  const since = process.cpuUsage();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) {
        const decoded = codec.decode(message.value);
        if (!decoded.ok) continue;
        const { account_id, occurred_at, input_tokens, output_tokens, status_code } = decoded.value;
        const key = `${windowStart('minute', occurred_at)} ${account_id}`;
        const window = windows.get(key) ?? { calls: 0, tokens: 0, errors: 0 };
        window.calls++;
        window.tokens += input_tokens + output_tokens;
        if (status_code >= 400) window.errors++;
        windows.set(key, window);
      }
      seen += batch.messages.length;
      if (seen >= what.events) sendAnswer(since);
    },
  });
}

async function sameJob(): Promise<void> {
  const hasher = createHasher('bench');
  const factory: StepFactory<{ calls: ApiCall }, { windows: Window }> = ({ tables, partition }) => {
    const open = tables.table<Window>('open');
    return {
      onRecord(_, { account_id, occurred_at, input_tokens, output_tokens, status_code, source_ip }) {
        const start = windowStart('minute', occurred_at);
        const key = `${start} ${account_id}`;
        const window = open.get(key) ?? { account_id, start, calls: 0, tokens: 0, errors: 0, ips: createSketch() };
        window.calls++;
        window.tokens += input_tokens + output_tokens;
        if (status_code >= 400) window.errors++;
        if (source_ip !== null) addHash(window.ips, hasher.hash32(source_ip));
        open.set(key, window);
      },
      onWatermark(to, emit) {
        for (const [key, window] of [...open.entries()]) {
          if (window.start + MINUTE > to) continue;
          emit('windows', window, partition);
          open.delete(key);
        }
      },
    };
  };
  const output = `bench.${what.run}`;
  let processed = 0;
  const runner = createStepRunner(
    {
      step: `bench-${what.run}`,
      factory,
      tasks: 'partition',
      inputs: {
        calls: {
          topic: TOPICS.calls,
          time: { kind: 'events', grace: MINUTE, eventTime: (call) => call.occurred_at },
          prepare: async () => {},
          decode: (message) => codec.decode(message.value),
        },
      },
      outputs: {
        windows: {
          topic: output,
          marks: 'none',
          encode: ({ account_id, start, calls, tokens, errors, ips }) => ({
            key: account_id,
            value: Buffer.concat([Buffer.from(`${start},${calls},${tokens},${errors},`), encodeSketch(ips)]),
          }),
        },
      },
      deadLetters: { topic: `${output}.dead`, encode: ({ message }) => ({ key: message.key, value: message.value }) },
    },
    {
      kafka,
      log,
      now: Date.now,
      monotonicNow: () => performance.now(),
      settings: { commitInterval: 500, checkpointInterval: 10_000, idleTimeout: 600_000, idleSpeed: 1 },
      onFatal: (error) => {
        throw error;
      },
      metrics: {
        ...silentMetrics,
        processed(_, records) {
          processed += records;
        },
        transaction() {
          if (processed >= what.events) sendAnswer(since);
        },
      },
    },
  );
  const since = process.cpuUsage();
  await runner.start();
}

async function calls(): Promise<void> {
  const loaded = loadConfig({
    flags: { 'kafka.brokers': what.brokers, 'stream.idle_timeout_ms': '600000' },
    environment: {},
    file: null,
  });
  let processed = 0;
  const context = await createContext('calls', loaded, log, createKafkaClient);
  const since = process.cpuUsage();
  const service = await callsService({
    ...context,
    streamMetrics: () => ({
      ...silentMetrics,
      processed(_, records) {
        processed += records;
      },
      transaction() {
        if (processed >= what.events) sendAnswer(since);
      },
    }),
  });
  await service.start();
}

// As a service does; the others gain nothing by it, and lose nothing.
countBuffersWithHeap();
await { raw, 'same-job': sameJob, calls }[what.job]();
