import { measure } from './measure.ts';
import type { Measurement, Run } from './measurement.ts';

export interface WorkerTask {
  run: Run;
  resume: { file: string; every: number } | null;
  thread: boolean;
}

export type WorkerMessage =
  | { kind: 'progress'; calls: number; time: number }
  | { kind: 'done'; measurement: Measurement };

/** A process of its own for each run: its CPU seconds and memory are then the run's. */
process.once('disconnect', () => process.exit());
process.once('message', async ({ run, resume, thread }: WorkerTask) => {
  const say = (message: WorkerMessage): void => void process.send?.(message);
  const progress = (calls: number, time: number): void => say({ kind: 'progress', calls, time });
  const measurement = await measure(run, { progress, thread, ...(resume === null ? {} : { resume }) });
  say({ kind: 'done', measurement });
  process.disconnect();
});
