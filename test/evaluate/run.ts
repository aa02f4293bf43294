import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { positive } from '../../services/command/common.ts';
import { madeWith } from '../support/made-with.ts';
import { EXPERIMENTS } from './experiments/all.ts';
import { type KeptResults, keepMeasured } from './kept-results.ts';
import { htmlReport } from './report/html.ts';
import { summarise } from './report/summary.ts';
import { terminalReport } from './report/terminal.ts';
import { runAll } from './run-all.ts';
import { SEEDS, type SeedSet } from './seeds.ts';

interface Flags {
  quick: boolean;
  only?: string[];
  json?: string;
  keep: boolean;
  html?: string;
  seeds: SeedSet;
  firstSeeds?: number;
  scale: number;
  jobs: number;
  resume?: string;
  thread: boolean;
}

const RESULTS = join(import.meta.dirname, 'results.json');

function asText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

const known = EXPERIMENTS.map(
  ({ name, title, quick, long }) =>
    `  ${name.padEnd(20)} ${title}${quick ? ' [quick]' : ''}${long === true ? ' [hours]' : ''}`,
);

const command = new Command('evaluate')
  .description(
    'Simulated campaigns and hard negatives through the detector: what it finds, and whom it accuses wrongly.',
  )
  .option('--quick', 'the short form that is part of npm test', false)
  .option('--only <names...>', 'these experiments; without it, all but those of hours')
  .option('--scale <number>', 'multiplies the numbers of accounts', positive, 1)
  .addOption(
    new Option('--seeds <set>', 'test: for figures to report; tune: to look at while changing thresholds')
      .choices(Object.keys(SEEDS))
      .default('test'),
  )
  .option('--first-seeds <number>', 'only so many seeds of the set', positive)
  .option('--jobs <number>', 'processes at a time', positive, availableParallelism())
  .option('--resume <folder>', 'keep here where each run is, and go on with those that were cut off')
  .option('--thread', 'links of each run in a thread of their own: for a long one on cores of its own', false)
  .option('--json <file>', 'every measurement')
  .option('--keep', 'in results.json, in place of the same runs of before: test seeds at full size only', false)
  .option('--html <file>', 'a page with plots')
  .addHelpText('after', `\nExperiments:\n${known.join('\n')}\n`)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse(process.argv);

const flags = command.opts<Flags>();
const unknown = (flags.only ?? []).filter((name) => !EXPERIMENTS.some((experiment) => experiment.name === name));
if (unknown.length > 0) {
  console.error(`There is no experiment ${unknown.join(', ')}; there are:\n${known.join('\n')}`);
  process.exit(2);
}
const chosen = EXPERIMENTS.filter(({ name, quick, long }) => {
  if (flags.only !== undefined) return flags.only.includes(name);
  return flags.quick ? quick : long !== true;
});
if (flags.keep && (flags.quick || flags.scale !== 1 || flags.seeds !== 'test')) {
  console.error('--keep is for test seeds at full size: without --quick, --scale and --seeds tune.');
  process.exit(2);
}
const seeds = SEEDS[flags.seeds].slice(0, flags.firstSeeds ?? (flags.quick ? 1 : undefined));
const runs = chosen.flatMap((experiment) => experiment.runs({ scale: flags.scale, seeds, quick: flags.quick }));

if (flags.resume !== undefined) await mkdir(flags.resume, { recursive: true });
const began = performance.now();
const isTerminal = process.stderr.isTTY === true;
const measurements = await runAll(runs, {
  jobs: flags.jobs,
  thread: flags.thread,
  ...(flags.resume === undefined ? {} : { resume: flags.resume }),
  progress(run, calls, time) {
    const line = `${run.experiment}, ${run.label}, seed ${run.seed}: ${calls} calls, ${new Date(time).toISOString()}`;
    if (isTerminal) process.stderr.write(`\r${line.padEnd(110)}`);
    else if (calls % 1_000_000 === 0) process.stderr.write(`${line}\n`);
  },
  done({ experiment, label, seed, calls, cpuSeconds, page }, finished, of) {
    const recall = page.recall === null ? '' : `, recall ${page.recall.toFixed(3)}`;
    process.stderr.write(
      `${isTerminal ? '\r' : ''}${finished}/${of} ${experiment}, ${label}, seed ${seed}: ${calls} calls, ${cpuSeconds.toFixed(0)} s${recall}\n`,
    );
  },
});

const report = summarise(measurements);
const titles = new Map(EXPERIMENTS.map(({ name, title }) => [name, title]));
process.stdout.write(terminalReport(report, titles));
process.stdout.write(
  `${Math.round((performance.now() - began) / 1_000)} s, seeds: ${flags.seeds} ${seeds.join(', ')}\n`,
);
const kept = {
  seeds: { set: flags.seeds, used: seeds },
  quick: flags.quick,
  scale: flags.scale,
  node: process.version,
};
if (flags.json !== undefined) await writeFile(flags.json, asText({ ...kept, report, measurements }));
if (flags.keep) {
  const before: KeptResults = JSON.parse(await readFile(RESULTS, 'utf8'));
  await writeFile(RESULTS, asText(keepMeasured(before.measurements, measurements, madeWith())));
}
if (flags.html !== undefined) await writeFile(flags.html, htmlReport(report, titles, kept));
