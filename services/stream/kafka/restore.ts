import { setTimeout as delay } from 'node:timers/promises';
import { SECTIONS } from '../checkpoint.ts';
import { RowFormatError } from '../row-codec.ts';
import { createTrackedTables } from '../tracked-tables.ts';
import type { StepBinding } from './binding.ts';
import { stateTopic } from './binding.ts';
import type { Admin } from './client.ts';
import { offsetsGroup, readOwnCommitted } from './committed.ts';
import { FatalStateError } from './errors.ts';
import { firstOffset } from './first-offset.ts';
import type { PartitionFeed } from './partition-feed.ts';
import type { Session, StartingPoint } from './session.ts';
import { type CheckpointHeader, createStateRecordReader, type JournalEntry } from './state-log.ts';
import { inputName, type TaskInput } from './task-inputs.ts';

/** Where a task goes on: its last checkpoint, and what it did since then. `journal` is null when it never ran. */
export interface Restored {
  start: StartingPoint;
  journal: JournalEntry[] | null;
}

export interface RestoreDeps<Inputs, Outputs> {
  admin: Admin;
  binding: StepBinding<Inputs, Outputs>;
  partition: number;
  inputs: readonly TaskInput<Inputs>[];
  stateFeed: PartitionFeed;
  /** Resolves when a feed has something, or after a moment. */
  arrival(): Promise<void>;
  isClosing(): boolean;
}

/** Reads the committed truth of a task. The caller has fenced: nobody can change it meanwhile. Throws FatalStateError before anything is written. */
export async function restore<Inputs, Outputs>(deps: RestoreDeps<Inputs, Outputs>): Promise<Restored> {
  const { admin, binding, partition, inputs } = deps;
  const [first] = inputs;
  if (first === undefined)
    throw new FatalStateError(
      `task ${partition} of ${binding.step} has no input`,
      'create its topics with `stillwatch topics apply`',
    );
  const own = await readOwnCommitted(
    admin,
    binding.step,
    inputs.map(({ feed }) => feed),
  );
  const retained = await lowOffsets(admin, inputs);
  if (own === null) {
    return {
      start: { tables: createTrackedTables(), driver: undefined, positions: retained, nextCheckpoint: 0, begins: [] },
      journal: null,
    };
  }
  const { start, journal } = await readStateLog(
    deps,
    BigInt(own.committed.state.from),
    BigInt(own.committed.state.until),
  );
  checkRetention(deps, start.positions, journal, retained);
  checkAgreement(deps, start.positions, journal, own.positions);
  return { start, journal };
}

async function readStateLog<Inputs, Outputs>(
  deps: RestoreDeps<Inputs, Outputs>,
  from: bigint,
  until: bigint,
): Promise<{ start: StartingPoint; journal: JournalEntry[] }> {
  const { stateFeed, binding, inputs } = deps;
  const tables = createTrackedTables();
  let header: CheckpointHeader | null = null;
  let begins: bigint | null = null;
  let headerBegins = from;
  let journal: JournalEntry[] = [];
  const read = createStateRecordReader();
  stateFeed.open(from);
  try {
    for (let position = from; position < until; ) {
      const batch = stateFeed.peek();
      if (batch === undefined) {
        if (stateFeed.isLost())
          throw await notDelivered(deps.admin, stateFeed, position, () => [
            `the state of ${binding.step}/${deps.partition} at offset ${position} of ${stateFeed.topic} is gone`,
            anew(binding.step),
          ]);
        if (deps.isClosing()) throw new Error('closing');
        await deps.arrival();
        continue;
      }
      stateFeed.take();
      for (const { offset: place, value } of batch.messages) {
        const offset = BigInt(place);
        if (offset >= until || value === null) continue;
        begins ??= offset;
        const record = readable(deps, stateFeed.topic, offset, () => {
          const complete = read(value);
          if (complete?.kind === 'chunk') tables.apply(complete.chunk);
          return complete;
        });
        if (record === null || record.kind === 'chunk') continue;
        if (record.kind === 'header') {
          header = record.header;
          headerBegins = begins;
          begins = null;
          journal = [];
        } else {
          journal.push(...record.journal);
          begins = null;
        }
      }
      position = batch.until;
    }
  } finally {
    stateFeed.close();
  }
  if (header === null)
    throw new FatalStateError(
      `${stateFeed.topic}/${stateFeed.partition} has no checkpoint between ${from} and ${until}`,
      anew(binding.step),
    );
  const names = inputs.map(inputName);
  if (names.join() !== header.inputs.join()) {
    throw new FatalStateError(
      `${binding.step}/${deps.partition} was last run on inputs ${header.inputs.join(', ')}, now on ${names.join(', ')}`,
      `repartitioning needs a fresh start: ${anew(binding.step)}`,
    );
  }
  const start = {
    tables,
    driver: header.driver,
    positions: header.positions.map(BigInt),
    nextCheckpoint: header.number + 1,
    // The header names one checkpoint more than it needs itself: when it was committed, that one was deleted.
    begins: [...header.earlier.map(BigInt), headerBegins].slice(-SECTIONS),
  };
  return { start, journal };
}

/** A feed that is not delivered from where it was asked for: fatal when what it asks for is deleted, else worth another try with a consumer that knows better. */
async function notDelivered(
  admin: Admin,
  { topic, partition }: PartitionFeed,
  position: bigint,
  gone: () => [what: string, hint: string],
): Promise<Error> {
  const low = (await firstOffset(admin, topic, partition)) ?? 0n;
  return low > position
    ? new FatalStateError(...gone())
    : new Error(`${topic}/${partition} is not delivered from ${position}, where it was asked for`);
}

/** Makes the step on the restored state. Rows in a form that this version does not know never can be read. */
export function onReadableRows<Made>(step: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RowFormatError)) throw error;
    throw new FatalStateError(
      `the state of ${step} was written by another version: ${error.message}`,
      `run the version that wrote it, or ${anew(step)}`,
    );
  }
}

/** What cannot be read now never can: another version wrote it in a form of its own. */
function readable<Inputs, Outputs, Result>(
  { binding }: RestoreDeps<Inputs, Outputs>,
  topic: string,
  offset: bigint,
  work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FatalStateError(`the state at offset ${offset} of ${topic} cannot be read: ${why}`, anew(binding.step));
  }
}

/** Input that the replay, or the work after it, needs must still be there. */
function checkRetention<Inputs, Outputs>(
  deps: RestoreDeps<Inputs, Outputs>,
  positions: readonly bigint[],
  journal: readonly JournalEntry[],
  retained: readonly bigint[],
): void {
  for (const [index, input] of deps.inputs.entries()) {
    const position = positions[index] ?? 0n;
    const low = retained[index] ?? 0n;
    if (low <= position) continue;
    const replayed = journal.some((entry) => 'read' in entry && entry.read === index);
    throw new FatalStateError(
      `${inputName(input)} begins at offset ${low}, but ${deps.binding.step} ${replayed ? 'must replay' : 'has still to process'} it from ${position}: retention deleted what lies between`,
      `nothing was written. Raise the topic's retention above checkpoint age plus downtime; to go on without the deleted input, ${anew(deps.binding.step)}`,
    );
  }
}

/** State and offsets are of one transaction, so where the state ends the offsets begin. A broker that ended a transaction by halves is the only way to another answer. */
function checkAgreement<Inputs, Outputs>(
  { inputs, binding, partition }: RestoreDeps<Inputs, Outputs>,
  positions: readonly bigint[],
  journal: readonly JournalEntry[],
  committed: readonly (bigint | null)[],
): void {
  const reached = [...positions];
  for (const entry of journal) if ('read' in entry) reached[entry.read] = BigInt(entry.until);
  for (const [index, input] of inputs.entries()) {
    const offset = committed[index] ?? null;
    if (offset === null || offset === reached[index]) continue;
    throw new FatalStateError(
      `the state of ${binding.step}/${partition} ends at offset ${reached[index]} of ${inputName(input)}, and its group at ${offset}: the broker ended a transaction by halves`,
      `nothing was written. Restore the topics from a broker that has both, or ${anew(binding.step)}`,
    );
  }
}

function anew(step: string): string {
  return `begin anew: stop ${step}, delete group ${offsetsGroup(step)} and topic ${stateTopic(step)}, run \`stillwatch topics apply\`, start ${step}`;
}

/** Does again, in the same order, what was done after the checkpoint. The session is muted meanwhile. */
export async function replayJournal<Inputs, Outputs>(
  session: Session<Inputs, Outputs>,
  journal: readonly JournalEntry[],
  deps: Pick<RestoreDeps<Inputs, Outputs>, 'admin' | 'inputs' | 'arrival' | 'isClosing'>,
  progress: (remaining: number) => void,
): Promise<void> {
  for (const [done, entry] of journal.entries()) {
    progress(journal.length - done);
    if ('advance' in entry) {
      session.advance(entry.advance);
      continue;
    }
    const input = deps.inputs[entry.read];
    if (input === undefined) throw new RangeError(`journal names input ${entry.read}`);
    const until = BigInt(entry.until);
    const refused = new Set(entry.rejected);
    while ((session.positions[entry.read] ?? 0n) < until) {
      const batch = input.feed.peek();
      if (batch === undefined) {
        if (deps.isClosing()) throw new Error('closing');
        if (input.feed.isLost()) {
          const position = session.positions[entry.read] ?? 0n;
          throw await notDelivered(deps.admin, input.feed, position, () => [
            `${inputName(input)} is gone at ${position}`,
            'check the retention of the topic',
          ]);
        }
        await deps.arrival();
        continue;
      }
      await input.binding.prepare(batch.messages);
      if (batch.until <= until) {
        session.process(entry.read, batch.messages, batch.until, refused);
        input.feed.take();
      } else {
        const cut = batch.messages.findIndex((message) => BigInt(message.offset) >= until);
        const before = cut === -1 ? batch.messages : batch.messages.slice(0, cut);
        session.process(entry.read, before, until, refused);
        batch.messages = cut === -1 ? [] : batch.messages.slice(cut);
        batch.from = until;
      }
      await delay(0);
    }
  }
  progress(0);
}

async function lowOffsets<Inputs>(admin: Admin, inputs: readonly TaskInput<Inputs>[]): Promise<bigint[]> {
  const byTopic = new Map<string, Map<number, bigint>>();
  for (const topic of new Set(inputs.map((input) => input.feed.topic))) {
    const offsets = await admin.fetchTopicOffsets(topic);
    byTopic.set(topic, new Map(offsets.map(({ partition, low }) => [partition, BigInt(low)])));
  }
  return inputs.map(({ feed }) => byTopic.get(feed.topic)?.get(feed.partition) ?? 0n);
}
