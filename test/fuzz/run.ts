import { Command } from 'commander';
import { wholeNumber } from '../../services/command/common.ts';
import { fuzzInProcess } from './in-process.ts';
import { summaryLine } from './tally.ts';

interface Flags {
  inputs: number;
  seed: number;
}

const command = new Command('test:fuzz')
  .description(
    'Mutants of every kind through the services: none holds up the line, none is lost, each is counted once.',
  )
  .option('--inputs <number>', 'messages', wholeNumber, 100_000)
  .option('--seed <number>', 'of every choice', wholeNumber, 1)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse(process.argv);
const { inputs, seed } = command.opts<Flags>();

const begun = performance.now();
const result = await fuzzInProcess({
  inputs,
  seed,
  progress: (done) => {
    if (done % 10_000 === 0) console.error(`${done} ...`);
  },
});
const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
for (const [reason, count] of [...result.byReason].sort(([, a], [, b]) => b - a)) console.log(`  ${reason}: ${count}`);
console.log(`slowest input: ${result.slowest.milliseconds.toFixed(0)} ms, ${result.slowest.what}`);
console.log(
  `fuzz: ${inputs} inputs of ${result.kinds} kinds, seed ${seed}, in ${seconds} s: 0 stalls; ${summaryLine(result)}`,
);
