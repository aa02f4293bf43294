import { measure } from './measure.ts';
import type { Measurement, Run } from './measurement.ts';

export type WorkerMessage =
  | { kind: 'progress'; calls: number; time: number }
  | { kind: 'done'; measurement: Measurement };

/** A process of its own for each run: its CPU seconds and memory are then the run's. */
process.once('disconnect', () => process.exit());
process.once('message', async (run: Run) => {
  const say = (message: WorkerMessage): void => void process.send?.(message);
  const measurement = await measure(run, (calls, time) => say({ kind: 'progress', calls, time }));
  say({ kind: 'done', measurement });
  process.disconnect();
});
