import { fork } from 'node:child_process';
import { join } from 'node:path';
import { KEPT_EVERY } from '../../services/replay/kept-run.ts';
import type { Measurement, Run } from './measurement.ts';
import type { WorkerMessage, WorkerTask } from './worker.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');

export interface RunAllOptions {
  /** Processes at a time. */
  jobs: number;
  /** Folder in which it is kept where each run is, so that those that are cut off go on. */
  resume?: string;
  /** Links of each run are looked for in a thread of their own. */
  thread?: boolean;
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
      const task = { run, resume: keptAt(run, options.resume), thread: options.thread === true };
      const measurement = await inProcess(task, (calls, time) => options.progress?.(run, calls, time));
      results[index] = measurement;
      finished++;
      options.done?.(measurement, finished, runs.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, lane));
  return results.filter((result) => result !== undefined);
}

function keptAt({ experiment, label, seed }: Run, folder: string | undefined): WorkerTask['resume'] {
  if (folder === undefined) return null;
  const name = `${experiment} ${label} ${seed}`.replaceAll(/[^\w.-]+/g, '-');
  return { file: join(folder, name), every: KEPT_EVERY };
}

function inProcess(task: WorkerTask, progress: (calls: number, time: number) => void): Promise<Measurement> {
  const { run } = task;
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
    child.send(task);
  });
}
