import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../support/random.ts';
import type { Fault } from '../fault.ts';
import type { Input, InputMessage } from './input.ts';
import { openRig } from './rig.ts';
import { compareSnapshots, type Difference, describeDifferences, type Snapshot } from './snapshot.ts';

export interface Outcome {
  fault: string;
  rounds: number;
  seed: number;
  equal: boolean;
  seconds: number;
  /** What went wrong; empty when it is equal. */
  why: string;
  differences: readonly Difference[];
}

export interface RunOptions {
  folder: string;
  input: Input;
  rounds: number;
  seed: number;
  say(line: string): void;
}

/** A round's input comes in so many parts, so that services are at work whenever the fault strikes. */
const PARTS = 100;
const BETWEEN_PARTS = 120;
const SETTLE_TIMEOUT = 180_000;
/** Promised: a service that is told to stop is gone by then. */
const DRAIN = 10_000;

/** What an undisturbed run leaves behind. */
export async function referenceRun({ folder, input }: Pick<RunOptions, 'folder' | 'input'>): Promise<Snapshot> {
  const rig = await openRig({
    dir: join(folder, 'reference'),
    partitions: input.partitions,
    brokers: 1,
    registry: false,
  });
  try {
    for (const messages of [input.accounts, input.calls, input.closing]) await rig.publish(messages);
    await rig.settle(input.end, SETTLE_TIMEOUT);
    return await rig.snapshot();
  } finally {
    await rig.close();
  }
}

/** One stack: input in as many portions as there are rounds, a disturbance in each; then everything is compared with the reference. */
export async function runFault(fault: Fault, reference: Snapshot, options: RunOptions): Promise<Outcome> {
  const { folder, input, rounds, seed, say } = options;
  const random = seededRandom(seed);
  const began = performance.now();
  const problems: string[] = [];
  let differences: Difference[] = [];
  const dir = join(folder, `${fault.name}-${seed}`);
  let undo = async (): Promise<void> => {};
  try {
    undo = (await fault.prepare?.(dir)) ?? undo;
    const rig = await openRig({
      dir,
      partitions: input.partitions,
      brokers: fault.brokers ?? 1,
      registry: fault.registry ?? false,
    });
    try {
      await rig.publish(input.accounts);
      for (let round = 0; round < rounds; round++) {
        const portion = part(input.calls, round, rounds);
        if (fault.inputFirst === true) await rig.publish(portion.splice(0));
        const disturbance = fault.round(rig, random, round);
        await trickle(rig.publish, portion, disturbance);
        const did = await disturbance;
        say(`${fault.name} seed ${seed} round ${round + 1}/${rounds}: ${did}`);
      }
      await rig.publish(input.closing);
      await rig.settle(input.end, SETTLE_TIMEOUT);
      differences = compareSnapshots(reference, await rig.snapshot());
      problems.push(...rig.unexpected);
      for (const { name, code, ms } of await rig.stopServices())
        if (code !== 0 || ms > DRAIN) problems.push(`${name} took ${Math.round(ms)} ms to stop, with code ${code}`);
    } finally {
      await rig.close();
    }
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await undo();
  }
  if (differences.length > 0) problems.push(describeDifferences(differences));
  return {
    fault: fault.name,
    rounds,
    seed,
    equal: problems.length === 0,
    seconds: (performance.now() - began) / 1_000,
    why: problems.join('\n'),
    differences,
  };
}

function part<Item>(items: readonly Item[], index: number, of: number): Item[] {
  return items.slice(Math.floor((items.length * index) / of), Math.floor((items.length * (index + 1)) / of));
}

/** The parts one after the other for as long as `until` takes, then the rest at once. */
async function trickle(
  publish: (messages: InputMessage[]) => Promise<void>,
  portion: InputMessage[],
  until: Promise<unknown>,
): Promise<void> {
  const over = until.then(
    () => true,
    () => true,
  );
  let sent = 0;
  for (let index = 0; index < PARTS && !(await Promise.race([over, delay(BETWEEN_PARTS, false)])); index++) {
    const messages = part(portion, index, PARTS);
    if (messages.length > 0) await publish(messages);
    sent += messages.length;
  }
  await over;
  if (sent < portion.length) await publish(portion.slice(sent));
}
