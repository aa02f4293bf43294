import type { StepBinding } from '../stream/kafka/binding.ts';
import { createStepRunner } from '../stream/kafka/runner.ts';
import type { Context } from './context.ts';
import { endProcess } from './end-process.ts';
import type { Service } from './service.ts';

/** A step as a service. */
export function runStep<Inputs, Outputs>(
  { config, kafka, log, streamMetrics, now, monotonicNow }: Context,
  binding: StepBinding<Inputs, Outputs>,
): Service {
  const { commit_interval_ms, checkpoint_interval_ms, idle_timeout_ms, idle_speed } = config.stream;
  const runner = createStepRunner(binding, {
    kafka,
    log,
    now,
    monotonicNow,
    metrics: streamMetrics(binding.step),
    settings: {
      commitInterval: commit_interval_ms,
      checkpointInterval: checkpoint_interval_ms,
      idleTimeout: idle_timeout_ms,
      idleSpeed: idle_speed,
    },
    onFatal: endProcess(log, binding.step),
  });
  return {
    start: () => runner.start(),
    ready: { [`step_${binding.step}`]: () => runner.isReady() },
    status: () => ({ [binding.step]: runner.status() }),
    closers: [{ name: binding.step, close: () => runner.stop() }],
  };
}
