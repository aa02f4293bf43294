import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a measured process says when it is done. */
export interface Answer {
  cpuSeconds: number;
  peakMemoryMb: number;
}

/** Tells the process that measures this one what it took from then on. */
export function sendAnswer(since: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(since);
  const answer: Answer = {
    cpuSeconds: (user + system) / 1e6,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  };
  answerAndEnd(answer);
}

/** Ends when the answer was heard, in the way in which a profile is written. */
export function answerAndEnd(answer: object): void {
  process.once('disconnect', () => process.exit(0));
  process.send?.(answer);
}

/** With --profile: where each measured process leaves what speedscope or Chromium shows as a flame graph. */
const PROFILES = join(import.meta.dirname, '../artefacts/profiles');

/** What the process `file` of this folder, told `task`, answers; it is then ended. Rejects when it ends without an answer. */
export async function askProcess<Said>(file: string, task: unknown, execArgv: readonly string[] = []): Promise<Said> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [
      ...execArgv,
      ...(process.argv.includes('--profile') ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`] : []),
    ],
  });
  const ended = once(child, 'exit');
  // The child sends nothing else.
  const [said] = (await Promise.race([once(child, 'message'), ended.then(() => [])])) as Said[];
  if (child.connected) child.disconnect();
  await ended;
  if (said === undefined) throw new Error(`${file} ended without an answer to ${JSON.stringify(task)}`);
  return said;
}
