import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Stage } from './calls-million-process.ts';
import { type BenchResult, megabytes, throughput } from './result.ts';

const ACCOUNTS = 1_000_000;
/** Megabytes of JavaScript's heap: V8 else lets garbage grow. The accounts themselves are outside of it. */
const HEAP = 512;

/** A million accounts with one call each in one minute, in one task: what they weigh while the minute is open, and as it, the hour and the day are closed. */
export async function benchCallsMillion(): Promise<BenchResult> {
  const child = fork(join(import.meta.dirname, 'calls-million-process.ts'), [String(ACCOUNTS)], {
    execArgv: [`--max-old-space-size=${HEAP}`],
  });
  const answered = once(child, 'message');
  const [[stages]]: [[Stage[]], unknown[]] = await Promise.all([
    // What the process sends is what it says there.
    answered as Promise<[Stage[]]>,
    once(child, 'exit'),
  ]);
  return {
    name: 'calls-million',
    input: `${ACCOUNTS} accounts with one call each in one minute, one task; events per CPU-second up to each stage; node --max-old-space-size=${HEAP}`,
    runs: stages.map(({ what, cpuSeconds, residentMb, peakMemoryMb, refused }) => ({
      what: refused === 0 ? what : `${what}, ${refused} refused`,
      figures: [
        throughput(ACCOUNTS, cpuSeconds),
        megabytes(peakMemoryMb, 'at most'),
        megabytes(residentMb, 'resident'),
      ],
    })),
    ratios: {},
  };
}
