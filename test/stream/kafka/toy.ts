import pino from 'pino';
import { windowEnd } from '../../../services/records/window.ts';
import type { InputBinding, OutputBinding, StepBinding } from '../../../services/stream/kafka/binding.ts';
import { createKafkaClient } from '../../../services/stream/kafka/client.ts';
import type { StreamMetrics } from '../../../services/stream/kafka/metrics.ts';
import { createStepRunner, type StepRunner } from '../../../services/stream/kafka/runner.ts';
import type { StepFactory } from '../../../services/stream/step.ts';

/** A step small enough to know its output by heart: sums per key and minute. */
export interface ToyEvent {
  key: string;
  at: number;
  n: number;
}
export interface ToySum {
  key: string;
  window_end: number;
  n: number;
  count: number;
}

export const toySums: StepFactory<{ events: ToyEvent }, { sums: ToySum }> = ({ tables, partition, count }) => {
  const open = tables.table<ToySum>('open');
  let watermark = 0;
  return {
    onRecord(_, event, __, emit) {
      const end = windowEnd('minute', event.at);
      if (end <= watermark) {
        count('late', 'minute');
        return;
      }
      const name = `${end}/${event.key}`;
      const sum = open.get(name) ?? { key: event.key, window_end: end, n: 0, count: 0 };
      sum.n += event.n;
      sum.count++;
      open.set(name, sum);
      void emit;
    },
    onWatermark(to, emit) {
      watermark = to;
      for (const [name, sum] of [...open.entries()]) {
        if (sum.window_end > to) continue;
        emit('sums', sum, partition);
        open.delete(name);
      }
    },
  };
};

export const TOY_GRACE = 60_000;

export function toyBinding(
  step: string,
  input: string,
  output: string,
): StepBinding<{ events: ToyEvent }, { sums: ToySum }> {
  const events: InputBinding<ToyEvent> = {
    topic: input,
    time: { kind: 'events', grace: TOY_GRACE, eventTime: (event) => event.at },
    prepare: async () => {},
    decode(message) {
      try {
        const value: ToyEvent = JSON.parse(message.value?.toString() ?? '');
        return { ok: true, value };
      } catch {
        return { ok: false, reason: 'not_json', detail: 'the message is not JSON' };
      }
    },
  };
  const sums: OutputBinding<ToySum> = {
    topic: output,
    marks: 'own',
    encode: (sum) => ({ key: sum.key, value: Buffer.from(JSON.stringify(sum)) }),
  };
  return {
    step,
    factory: toySums,
    inputs: { events },
    outputs: { sums },
    tasks: 'partition',
    deadLetters: {
      topic: `${output}.dead`,
      encode: ({ reason, message }) => ({ key: message.key, value: message.value, headers: { reason } }),
    },
  };
}

export const silentMetrics: StreamMetrics = {
  processed() {},
  emitted() {},
  rejected() {},
  counted() {},
  transaction() {},
  unended() {},
  checkpointed() {},
  joined() {},
  tasks() {},
  lag() {},
};

function endProcess(error: Error): void {
  console.error(error);
  process.exit(3);
}

export interface ToySettings {
  brokers: string;
  step: string;
  input: string;
  output: string;
  idleSpeed: number;
  /** Milliseconds. */
  checkpointInterval?: number;
}

export function startToy(
  settings: ToySettings,
  level = 'silent',
  onFatal: (error: Error) => void = endProcess,
): StepRunner {
  const log = pino({ level });
  return createStepRunner(toyBinding(settings.step, settings.input, settings.output), {
    kafka: createKafkaClient({ brokers: settings.brokers.split(','), clientId: settings.step }, log),
    log,
    metrics: silentMetrics,
    settings: {
      commitInterval: 100,
      checkpointInterval: settings.checkpointInterval ?? 700,
      idleTimeout: 1_500,
      idleSpeed: settings.idleSpeed,
    },
    now: Date.now,
    monotonicNow: () => performance.now(),
    onFatal,
  });
}

if (import.meta.main) {
  const settings: ToySettings = JSON.parse(process.argv[2] ?? '');
  const runner = startToy(settings, process.env['TOY_LOG'] ?? 'silent');
  await runner.start();
  process.send?.('started');
  // A test that fails must not leave us behind: the runner would wait for our output to end.
  process.once('disconnect', () => process.exit(1));
  process.on('SIGTERM', () => {
    runner.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
