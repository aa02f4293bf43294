import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf, StillwatchError } from '../platform/errors.ts';
import { DAY } from '../records/window.ts';
import { createScenario, listScenarios } from '../simulate/scenarios.ts';
import { writeSimulation } from '../simulate/write.ts';
import { positive, seedNumber } from './common.ts';
import { createProgress } from './progress.ts';
import { formatTime } from './table.ts';

interface Flags {
  scenario: string;
  seed: number;
  out: string;
  days?: number;
  scale: number;
  text: 'full' | 'none';
  disturbed: number;
  gzip: boolean;
  perDay: boolean;
  quiet: boolean;
  json?: boolean;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 0.5)) throw new InvalidArgumentError('It must be a share from 0 to 0.5.');
  return value;
}

function helpText(): string {
  const scenarios = listScenarios().map(({ name, description }) => `  ${name.padEnd(20)} ${description}`);
  return `
Scenarios:
${scenarios.join('\n')}

Files: accounts.jsonl and calls.jsonl as the contract describes them; truth.jsonl with what each account really is
(account_id, actor, kind, name); scenario.json with every parameter. Same scenario, options and seed: same bytes.

Example:
  stillwatch simulate --scenario demo --seed 7 --out /tmp/demo
  stillwatch replay --calls /tmp/demo/calls.jsonl --accounts /tmp/demo/accounts.jsonl --out /tmp/demo-replay

Exit codes: 0 written, 1 the files cannot be written, 2 wrong use.
`;
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('labelled, simulated traffic as JSON Lines: campaigns, hard negatives and ordinary customers')
    .addOption(
      new Option('--scenario <name>', 'what to simulate, see below')
        .choices(listScenarios().map(({ name }) => name))
        .default('demo'),
    )
    .option('--seed <number>', 'seed of the random numbers', seedNumber, 1)
    .requiredOption('--out <folder>', 'folder for the files; made if missing, files of the same names are replaced')
    .option('--days <number>', "simulated days instead of the scenario's own", positive)
    .option('--scale <number>', 'multiplies the numbers of accounts', positive, 1)
    .addOption(new Option('--text <kind>', 'prompt text in the calls').choices(['full', 'none']).default('full'))
    .option(
      '--disturbed <share>',
      'share of the calls that come twice, of those up to three minutes late, and of spoilt ones in addition',
      share,
      0,
    )
    .option('--gzip', 'compress the JSON Lines files (.jsonl.gz)', false)
    .option('--per-day', 'one file of calls a simulated day, calls-YYYY-MM-DD.jsonl', false)
    .option('--quiet', 'no progress on a terminal', false)
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', helpText())
    .action(async (flags: Flags) => {
      const { days, scale, text, seed, out, gzip, perDay, disturbed } = flags;
      const scenario = createScenario(flags.scenario, {
        scale,
        text,
        ...(days === undefined ? {} : { days }),
        disturbance:
          disturbed === 0
            ? null
            : { duplicateShare: disturbed, lateShare: disturbed, lateMinutes: 3, badShare: disturbed },
      });
      const bar = createProgress(process.stderr, Date.now);
      const progress = (calls: number, time: number): void =>
        bar.at((time - scenario.start) / (scenario.days * DAY), `${calls} calls, up to ${formatTime(time)}`);
      const { calls, accounts, files } = await writeSimulation({
        out,
        scenario,
        seed,
        gzip,
        perDay,
        ...(flags.quiet ? {} : { progress }),
      }).catch((error: unknown): never => {
        throw new StillwatchError(
          'FILE_UNWRITABLE',
          `cannot write to ${out}: ${messageOf(error)}`,
          'check --out, and how much room there is',
          error,
        );
      });
      bar.end();
      if (flags.json === true)
        process.stdout.write(
          `${JSON.stringify({ scenario: scenario.name, seed, calls, account_versions: accounts, files })}\n`,
        );
      else
        process.stdout.write(
          `${calls} calls and ${accounts} account versions of scenario ${scenario.name}, seed ${seed}:\n${files.map((file) => `  ${file}\n`).join('')}`,
        );
    });
}
