import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { wholeNumber } from '../../services/command/common.ts';
import { faultFor, faults } from './catalogue.ts';
import type { Fault } from './fault.ts';
import { SABOTAGES, type Sabotage } from './harness/fault-points.ts';
import { makeInput } from './harness/input.ts';
import { type Outcome, referenceRun, runFault } from './harness/run-fault.ts';

interface Flags {
  rounds: number;
  only?: string[];
  seed: number;
  scale: number;
  partitions: number;
  keep: boolean;
  clickhouseAway: number;
  brokerAway: number;
  sabotage?: Sabotage;
}

const PER_STACK = 25;
const GRACE = 60_000;
const describe = (all: readonly Fault[]): string[] =>
  all.map(({ name, what, perHundred }) => `  ${name.padEnd(20)} ${what} (${perHundred})`);

const command = new Command('test:faults')
  .description(
    'An undisturbed run, then the same input under each fault; every table and topic is compared row for row.',
  )
  .option('--rounds <number>', 'of kill -9; the other faults in proportion', wholeNumber, 100)
  .option('--only <names...>', 'these faults')
  .option(
    '--seed <number>',
    'of the traffic and of every choice; each stack of rounds has one of its own from here on',
    wholeNumber,
    1,
  )
  .option('--scale <number>', 'multiplies the traffic, about 6,000 calls', wholeNumber, 1)
  .option('--partitions <number>', 'of every topic', wholeNumber, 4)
  .option('--keep', 'leave data and logs where they are', false)
  .option('--clickhouse-away <seconds>', 'length of an outage of ClickHouse', wholeNumber, 600)
  .option('--broker-away <seconds>', 'length of an outage of one of three brokers', wholeNumber, 60)
  .addOption(
    new Option('--sabotage <defect>', 'put it into the runner, and try only the fault that must find it').choices(
      SABOTAGES,
    ),
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse(process.argv);
const { rounds, only, seed, scale, partitions, keep, clickhouseAway, brokerAway, sabotage } = command.opts<Flags>();
const FAULTS = faults({ clickHouse: clickhouseAway * 1_000, broker: brokerAway * 1_000 });
const unknown = (only ?? []).filter((name) => !FAULTS.some((fault) => fault.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no fault ${unknown.join(', ')}; there are, with their rounds in a hundred:\n${describe(FAULTS).join('\n')}`,
  );
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-faults-'));
console.error(`Data and logs in ${folder}`);
const input = await makeInput({ folder, partitions, seed, scale, grace: GRACE });
console.error(`${input.calls.length} messages on ${partitions} partitions, traffic of seed ${seed}`);
const reference = await referenceRun({ folder, input });
for (const [where, rows] of reference) console.error(`  reference: ${where}: ${rows.length}`);

const outcomes: Outcome[] = [];
const chosen =
  sabotage === undefined ? FAULTS.filter(({ name }) => only?.includes(name) ?? true) : [faultFor(sabotage)];
for (const fault of chosen) {
  const reason = fault.cannotRun?.() ?? null;
  if (reason !== null) {
    console.error(`NOT RUN: ${fault.name} ${reason}`);
    continue;
  }
  let left = Math.ceil((fault.perHundred * rounds) / 100);
  for (let stack = 0; left > 0; stack++) {
    const now = Math.min(left, fault.roundsPerStack ?? PER_STACK);
    left -= now;
    const outcome = await runFault(fault, reference, {
      folder,
      input,
      rounds: now,
      seed: seed + stack,
      say: console.error,
    });
    outcomes.push(outcome);
    if (!outcome.equal)
      console.error(
        `NOT EQUAL: ${fault.name}\n${outcome.why}\nAgain: npm run test:faults -- --only ${fault.name} --rounds ${rounds} --seed ${seed}`,
      );
  }
}

const row = (fault: string, count: string, seeds: string, equal: string, seconds: string): string =>
  `${fault.padEnd(22)} ${count.padStart(6)} ${seeds.padStart(6)}  ${equal.padEnd(9)} ${seconds.padStart(7)}`;
console.log(row('fault', 'rounds', 'seed', 'equal', 'seconds'));
for (const { fault, rounds: done, seed: of, equal, seconds } of outcomes)
  console.log(row(fault, String(done), String(of), equal ? 'equal' : 'NOT EQUAL', seconds.toFixed(0)));
const equal = outcomes.every((outcome) => outcome.equal);
console.log(
  JSON.stringify({
    equal,
    messages: input.calls.length,
    seed,
    faults: outcomes.map(({ fault, rounds: done, seed: of, equal: same, seconds }) => ({
      fault,
      rounds: done,
      seed: of,
      equal: same,
      seconds: Math.round(seconds),
    })),
  }),
);
if (equal && !keep) await rm(folder, { recursive: true, force: true });
process.exit(equal ? 0 : 1);
