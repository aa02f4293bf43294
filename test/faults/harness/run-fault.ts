import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { seededRandom } from '../../support/random.ts';
import { type Fault, wordsOf } from '../fault.ts';
import { type Cleanups, createCleanups } from './cleanups.ts';
import type { Input, InputMessage } from './input.ts';
import { countPlace, type Places } from './places.ts';
import { openRig } from './rig.ts';
import { compareSnapshots, type Difference, describeDifferences, type Snapshot } from './snapshot.ts';

export interface Outcome {
  fault: string;
  what: string;
  rounds: number;
  seed: number;
  equal: boolean;
  seconds: number;
  /** What went wrong; empty when it is equal. */
  why: string;
  differences: readonly Difference[];
  /** Where the fault aims at places. */
  places: Places;
}

export interface RunOptions {
  folder: string;
  input: Input;
  rounds: number;
  seed: number;
  say(line: string): void;
  /** Told of what must be undone when the suite is interrupted. */
  cleanups?: Cleanups;
}

/** A round's input comes in so many parts, so that services are at work whenever the fault strikes. */
const PARTS = 100;
const LASTS = 12_000;
const SETTLE_TIMEOUT = 180_000;
/** Promised: a service that is told to stop is gone by then. */
const DRAIN = 10_000;

/** What an undisturbed run leaves behind. */
export async function referenceRun({
  folder,
  input,
  cleanups = createCleanups(),
}: Pick<RunOptions, 'folder' | 'input' | 'cleanups'>): Promise<Snapshot> {
  const dir = join(folder, 'reference');
  await rm(dir, { recursive: true, force: true }); // of a run that was cut off
  const rig = await openRig({
    dir,
    partitions: input.partitions,
    brokers: 1,
    proxiedKafka: false,
    registry: false,
    unmerged: false,
  });
  const close = cleanups.add(() => rig.close());
  try {
    for (const messages of [input.accounts, input.calls, input.closing]) await rig.publish(messages);
    await rig.settle(input.end, SETTLE_TIMEOUT);
    return await rig.snapshot();
  } finally {
    await close();
  }
}

/** One stack: input in as many portions as there are rounds, a disturbance in each; then everything is compared with the reference. */
export async function runFault(fault: Fault, reference: Snapshot, options: RunOptions): Promise<Outcome> {
  const { folder, input, rounds, seed, say } = options;
  const random = seededRandom(seed);
  const began = performance.now();
  const problems: string[] = [];
  let differences: Difference[] = [];
  const { cleanups = createCleanups() } = options;
  const dir = stackFolder(folder, fault, seed);
  let places: Places = {};
  let undo = async (): Promise<void> => {};
  try {
    // Of a run that was cut off.
    await rm(dir, { recursive: true, force: true });
    undo = cleanups.add((await fault.prepare?.(dir)) ?? undo);
    const rig = await openRig({
      dir,
      partitions: input.partitions,
      brokers: fault.brokers ?? 1,
      proxiedKafka: fault.proxiedKafka ?? false,
      registry: fault.registry ?? false,
      unmerged: fault.unmerged ?? false,
    });
    const close = cleanups.add(() => rig.close());
    try {
      const before = Math.floor(input.calls.length * (fault.sentBefore ?? 0));
      await rig.publish([...input.accounts, ...input.calls.slice(0, before)]);
      const calls = input.calls.slice(before);
      for (let round = 0; round < rounds; round++) {
        const portion = part(calls, round, rounds);
        if (fault.inputFirst === true) await rig.publish(portion.splice(0));
        const disturbance = fault.round(rig, random, round);
        // Both to their ends: nothing may be closed while the other is still at it.
        const [disturbed, sent] = await Promise.allSettled([
          disturbance,
          trickle(rig.publish, portion, disturbance, fault.lasts ?? LASTS),
        ]);
        if (disturbed.status === 'rejected') throw disturbed.reason;
        if (sent.status === 'rejected') throw sent.reason;
        const done = disturbed.value;
        if (typeof done === 'object') places = countPlace(places, done);
        say(`${fault.name} seed ${seed} round ${round + 1}/${rounds}: ${wordsOf(done)}`);
      }
      // Whatever it says, rows are compared.
      await fault.over?.(rig).then(
        (words) => say(`${fault.name} seed ${seed}: ${words}`),
        (error: unknown) => problems.push(inspect(error)),
      );
      await rig.publish(input.closing);
      await rig.settle(input.end, SETTLE_TIMEOUT);
      const snapshot = await rig.snapshot();
      differences = compareSnapshots(reference, snapshot);
      problems.push(...(await rig.writtenTwice(snapshot)));
      problems.push(...rig.unexpected);
      for (const { name, code, ms } of await rig.stopServices())
        if (code !== 0 || ms > DRAIN) problems.push(`${name} took ${Math.round(ms)} ms to stop, with code ${code}`);
    } finally {
      await close();
    }
  } catch (error) {
    problems.push(inspect(error));
  } finally {
    await undo().catch((error: unknown) => problems.push(`not undone: ${String(error)}`));
  }
  if (differences.length > 0) problems.push(describeDifferences(differences));
  return {
    fault: fault.name,
    what: fault.what,
    rounds,
    seed,
    equal: problems.length === 0,
    seconds: (performance.now() - began) / 1_000,
    why: problems.join('\n'),
    differences,
    places,
  };
}

/** Data and logs of one stack. */
export function stackFolder(folder: string, { name }: Fault, seed: number): string {
  return join(folder, `${name}-${seed}`);
}

function part<Item>(items: readonly Item[], index: number, of: number): Item[] {
  return items.slice(Math.floor((items.length * index) / of), Math.floor((items.length * (index + 1)) / of));
}

/** The parts one after the other for as long as `until` takes, then the rest at once. */
async function trickle(
  publish: (messages: InputMessage[]) => Promise<void>,
  portion: InputMessage[],
  until: Promise<unknown>,
  lasts: number,
): Promise<void> {
  const over = until.then(
    () => true,
    () => true,
  );
  let sent = 0;
  for (let index = 0; index < PARTS && !(await Promise.race([over, delay(lasts / PARTS, false)])); index++) {
    const messages = part(portion, index, PARTS);
    if (messages.length > 0) await publish(messages);
    sent += messages.length;
  }
  await over;
  if (sent < portion.length) await publish(portion.slice(sent));
}
