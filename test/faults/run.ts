import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { wholeNumber } from '../../services/command/common.ts';
import { faultFor, faults } from './catalogue.ts';
import type { Fault } from './fault.ts';
import { createCleanups } from './harness/cleanups.ts';
import { SABOTAGES, type Sabotage } from './harness/fault-points.ts';
import { makeInput } from './harness/input.ts';
import { openKeptRun } from './harness/kept-run.ts';
import { isGood, missedPlaces, type NotRun, tableOf, verdictOf } from './harness/report.ts';
import { referenceRun, runFault, stackFolder } from './harness/run-fault.ts';
import { emptyParts } from './harness/snapshot.ts';

interface Flags {
  rounds: number;
  only?: string[];
  seed: number;
  scale: number;
  partitions: number;
  keep: boolean;
  folder?: string;
  mayNotRun?: string[];
  clickhouseAway: number;
  brokerAway: number;
  earlier?: string;
  sabotage?: Sabotage;
}

const PER_STACK = 25;
const describe = (all: readonly Fault[]): string[] =>
  all.map(
    ({ name, what, perHundred, long }) =>
      `  ${name.padEnd(20)} ${what} (${perHundred}${long === true ? ', only by name: hours' : ''})`,
  );

const command = new Command('test:faults')
  .description(
    'An undisturbed run, then the same input under each fault; every table and topic is compared row for row.',
  )
  .option('--rounds <number>', 'of kill -9; the other faults in proportion', wholeNumber, 100)
  .option('--only <names...>', 'these faults; without it, all but those of hours')
  .option(
    '--seed <number>',
    'of the traffic and of every choice; each stack of rounds has one of its own from here on',
    wholeNumber,
    1,
  )
  .option('--scale <number>', 'multiplies the traffic, about 6,000 calls', wholeNumber, 1)
  .option('--partitions <number>', 'of every topic', wholeNumber, 4)
  .option('--keep', 'leave data and logs where they are', false)
  .option(
    '--folder <path>',
    'keep input, reference and outcomes there; a run that was cut off goes on where it was, with the same options',
  )
  .option('--may-not-run <names...>', 'these faults may be left out where this machine cannot try them')
  .option('--clickhouse-away <seconds>', 'length of an outage of ClickHouse', wholeNumber, 600)
  .option('--broker-away <seconds>', 'length of an outage of one of three brokers', wholeNumber, 60)
  .option('--earlier <checkout>', 'installed, of an earlier version: tries an upgrade from it, and a rollback to it')
  .addOption(
    new Option('--sabotage <defect>', 'put it into the runner, and try only the fault that must find it').choices(
      SABOTAGES,
    ),
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse(process.argv);
const flags = command.opts<Flags>();
const { rounds, only, seed, scale, partitions, keep, mayNotRun = [], clickhouseAway, brokerAway, sabotage } = flags;
const earlier = flags.earlier === undefined ? null : resolve(flags.earlier);
const FAULTS = faults({ clickHouse: clickhouseAway * 1_000, broker: brokerAway * 1_000 }, earlier);
const unknown = [...(only ?? []), ...mayNotRun].filter((name) => !FAULTS.some((fault) => fault.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no fault ${unknown.join(', ')}; there are, with their rounds in a hundred:\n${describe(FAULTS).join('\n')}`,
  );
  process.exit(2);
}

const cleanups = createCleanups();
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isInterrupted = true;
    console.error(`${signal}: everything is stopped and undone`);
    void cleanups.runAll().finally(() => process.exit(130));
  });

const folder = flags.folder === undefined ? await mkdtemp(join(tmpdir(), 'stillwatch-faults-')) : resolve(flags.folder);
console.error(`Data and logs in ${folder}`);
const run = await openKeptRun(folder, { seed, scale, partitions, sabotage: sabotage ?? null }).catch(
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  },
);
const input = await run.input(() => makeInput({ folder, partitions, seed, scale }));
console.error(`${input.calls.length} messages on ${partitions} partitions, traffic of seed ${seed}`);
const reference = await run.reference(() => referenceRun({ folder, input, cleanups }));
for (const [where, rows] of reference) console.error(`  reference: ${where}: ${rows.length}`);
const empty = emptyParts(reference);
if (empty.length > 0) {
  console.error(`The reference is empty where it must not be, so nothing could be compared: ${empty.join(', ')}`);
  process.exit(1);
}

const notRun: NotRun[] = [];
const chosen =
  sabotage === undefined
    ? FAULTS.filter(({ name, long = false }) => only?.includes(name) ?? !long)
    : [faultFor(sabotage)];
for (const fault of chosen) {
  const reason = fault.cannotRun?.() ?? null;
  if (reason !== null) {
    console.error(`NOT RUN: ${fault.name} ${reason}`);
    notRun.push({ fault: fault.name, reason, isAllowed: mayNotRun.includes(fault.name) });
    continue;
  }
  let left = Math.ceil((fault.perHundred * rounds) / 100);
  for (let stack = 0; left > 0; stack++) {
    const now = Math.min(left, fault.roundsPerStack ?? PER_STACK);
    left -= now;
    const done = run.find(fault, now, seed + stack);
    if (done !== null) {
      console.error(`${verdictOf(done)}  already`);
      continue;
    }
    const options = { folder, input, rounds: now, seed: seed + stack, say: console.error, cleanups };
    const { differences: _, ...outcome } = await runFault(fault, reference, options);
    // It was cut off: that says nothing of it.
    if (isInterrupted) await new Promise(() => {});
    await run.add(outcome);
    console.error(verdictOf(outcome));
    if (outcome.equal && !keep) await rm(stackFolder(folder, fault, seed + stack), { recursive: true, force: true });
    if (!outcome.equal)
      console.error(
        `NOT EQUAL: ${fault.name}\n${outcome.why}\nAgain: npm run test:faults -- --only ${fault.name} --rounds ${rounds} --seed ${seed}`,
      );
  }
}

const names = new Set(chosen.map(({ name }) => name));
const report = { outcomes: run.outcomes().filter(({ fault }) => names.has(fault)), notRun };
for (const line of tableOf(report)) console.log(line);
const missed = missedPlaces(report.outcomes);
for (const place of missed) console.log(`NEVER REACHED: ${place}`);
const equal = isGood(report);
console.log(
  JSON.stringify({
    equal,
    messages: input.calls.length,
    seed,
    faults: report.outcomes.map(({ fault, rounds: done, seed: of, equal: same, seconds }) => ({
      fault,
      rounds: done,
      seed: of,
      equal: same,
      seconds: Math.round(seconds),
    })),
    not_run: notRun.map(({ fault, reason }) => ({ fault, reason })),
    never_reached: missed,
  }),
);
if (equal && !keep && flags.folder === undefined) await rm(folder, { recursive: true, force: true });
process.exit(equal ? 0 : 1);
