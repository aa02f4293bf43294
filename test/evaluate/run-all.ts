import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Measurement, Run } from './measurement.ts';
import type { WorkerMessage } from './worker.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');

export interface RunAllOptions {
  /** Processes at a time. */
  jobs: number;
  done?(measurement: Measurement, finished: number, of: number): void;
  progress?(run: Run, calls: number, time: number): void;
}

/** Every run in a process of its own, some at a time; results in the order of the runs. Rejects when a process ends without a result. */
export async function runAll(runs: readonly Run[], options: RunAllOptions): Promise<Measurement[]> {
  const results: (Measurement | undefined)[] = runs.map(() => undefined);
  let next = 0;
  let finished = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const index = next++;
      const run = runs[index];
      if (run === undefined) return;
      const measurement = await inProcess(run, (calls, time) => options.progress?.(run, calls, time));
      results[index] = measurement;
      finished++;
      options.done?.(measurement, finished, runs.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, lane));
  return results.filter((result) => result !== undefined);
}

function inProcess(run: Run, progress: (calls: number, time: number) => void): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    // A month of 50,000 accounts holds more than V8's usual limit.
    const child = fork(WORKER, { execArgv: ['--max-old-space-size=12000'] });
    let result: Measurement | null = null;
    child.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') progress(message.calls, message.time);
      else result = message.measurement;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (result !== null) resolve(result);
      else
        reject(
          new Error(`${run.experiment}, ${run.label}, seed ${run.seed}: the process ended with ${code ?? signal}`),
        );
    });
    child.send(run);
  });
}
