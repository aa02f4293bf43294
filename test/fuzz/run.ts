import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { wholeNumber } from '../../services/command/common.ts';
import { fuzzInProcess } from './in-process.ts';
import { fuzzLive } from './live.ts';
import { summaryLine, type Tally } from './tally.ts';

interface Flags {
  live: boolean;
  inputs: number;
  seed: number;
}

const command = new Command('test:fuzz')
  .description(
    'Mutants of every kind through the services: none holds up the line, none is lost, each is counted once.',
  )
  .option('--inputs <number>', 'messages', wholeNumber, 100_000)
  .option('--live', 'over a real broker, through the services as processes, into a real ClickHouse', false)
  .option('--seed <number>', 'of every choice', wholeNumber, 1)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse(process.argv);
const { inputs, seed, live } = command.opts<Flags>();

const begun = performance.now();
let told = 0;
const progress = (done: number): void => {
  if (done - told < 10_000) return;
  told = done;
  console.error(`${done} ...`);
};
const { tally, about } = live ? await runLive() : await runInProcess();
const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
for (const [reason, count] of [...tally.byReason].sort(([, a], [, b]) => b - a)) console.log(`  ${reason}: ${count}`);
console.log(`fuzz: ${inputs} inputs, seed ${seed}, ${about}, in ${seconds} s: 0 stalls; ${summaryLine(tally)}`);
process.exit(0);

async function runInProcess(): Promise<{ tally: Tally; about: string }> {
  const result = await fuzzInProcess({ inputs, seed, progress });
  console.log(`  slowest input: ${result.slowest.milliseconds.toFixed(0)} ms of CPU, ${result.slowest.what}`);
  return { tally: result, about: `${result.kinds} kinds in process` };
}

async function runLive(): Promise<{ tally: Tally; about: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-fuzz-'));
  console.error(`Data and logs in ${dir}`);
  const tally = await fuzzLive({ inputs, seed, dir, progress });
  await rm(dir, { recursive: true, force: true });
  return { tally, about: 'over the broker' };
}
