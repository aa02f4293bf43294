import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type StepBinding, stateTopic } from './binding.ts';
import type { Admin } from './client.ts';
import { offsetsGroup, readOwnCommitted } from './committed.ts';
import type { EndOffsets } from './end-offsets.ts';
import { FatalStateError } from './errors.ts';
import { firstOffset } from './first-offset.ts';
import type { StreamMetrics } from './metrics.ts';
import { endOfState, type StateReading } from './state-end.ts';
import type { TaskInput } from './task-inputs.ts';
import { type Outgoing, PROBE, type ProbeEnd, type TransactionLine } from './transaction.ts';

export interface UnendedDeps<Inputs, Outputs> {
  admin: Admin;
  endOffsets: EndOffsets;
  binding: StepBinding<Inputs, Outputs>;
  partition: number;
  inputs: readonly TaskInput<Inputs>[];
  state: StateReading;
  metrics: Pick<StreamMetrics, 'unended'>;
  log: Logger;
}

/** Milliseconds for a coordinator to count offsets that were committed. */
const COUNTED_WITHIN = 10_000;
const POLL = 50;

const NOTHING: ProbeEnd = { kind: 'abort', outgoing: new Map(), offsets: null };
const KEPT: ProbeEnd = { ...NOTHING, kind: 'commit' };

/**
 * Ends what a transaction of this task left without its end. A broker that starts again can log a transaction as committed and skip its markers (Kafka 4.3.1: "Couldn't
 * find leader endpoint for partitions ... while trying to send transaction markers ... can be skipped"). Its records would then wait for whatever the same producer ends
 * next, and be published beside the same work, which is done again because its offsets were not committed.
 *
 * The task alone writes its partition of the state topic, and its older owners are fenced. Before a record of its own, there may be
 *
 * - what is not stable: the state lacks its marker. When the committed truth does not count on it, it is given up in every partition that the task may have written to; when it
 *   does (offsets committed, state not), it is committed, and what it wrote elsewhere waits for the task's next commit there.
 * - more that is committed than the truth counts on: the offsets lack their marker, and what was written beside them may be seen already. They wait at the group's
 *   coordinator for the next transaction of this producer that has offsets, and are committed with it. Or the coordinator answers from old offsets (Kafka 4.3.1, whose partition gets a new epoch while
 *   it loads it: "The state machine of the coordinator ... is out of sync with the underlying log", served as of some record in the middle): it notices at the next offsets that it is to write, and loads again.
 *
 * Not seen: a rest on output topics beside a state that did get its markers (the next commit to that partition publishes it), and one that a later transaction of the same
 * producer has covered before it was given up itself: `restore` notices where state and offsets differ.
 */
export async function endUnended<Inputs, Outputs>(
  line: Pick<TransactionLine, 'probe'>,
  { admin, endOffsets, binding, partition, inputs, state, metrics, log }: UnendedDeps<Inputs, Outputs>,
): Promise<void> {
  const topic = stateTopic(binding.step);
  const group = offsetsGroup(binding.step);
  const feeds = inputs.map(({ feed }) => feed);
  const countedUntil = async (): Promise<bigint> => {
    const own = await readOwnCommitted(admin, binding.step, feeds);
    return own === null ? 0n : BigInt(own.committed.state.until);
  };
  const found = (from: bigint, until: bigint, what: string): void => {
    metrics.unended();
    const range = { from: from.toString(), until: until.toString() };
    log.warn({ step: binding.step, task: partition, topic, ...range }, `a broker left ${what}`);
  };
  let ahead: bigint | null = null;
  await line.probe(topic, partition, async (at) => {
    // kafkajs asks as a reader of committed messages: for the end of what such a reader may see.
    const stable = (await endOffsets(topic)).get(partition);
    if (stable === undefined) throw new Error(`no end of ${topic}/${partition} was given`);
    const counted = await countedUntil();
    if (stable >= at) {
      ahead = await endOfState(state, await keptFrom(admin, topic, partition, counted), at);
      if (ahead === null) return NOTHING;
      found(counted, ahead, 'offsets of this task without their end; they are committed, as its state is');
      // Of a topic whose offsets nobody asks for.
      return { ...KEPT, offsets: { group, offsets: [{ topic, partition, offset: '0', metadata: null }] } };
    }
    const isTruth = counted > stable;
    found(
      stable,
      at,
      `a transaction of this task without its end; it is ${isTruth ? 'committed, as its offsets are' : 'given up, and its work done again'}`,
    );
    if (isTruth) return KEPT;
    // Given up as well, so their value is nothing: offsets that were sent and never ended are ended by this.
    const offsets = feeds.map((feed) => ({
      topic: feed.topic,
      partition: feed.partition,
      offset: '0',
      metadata: null,
    }));
    return { kind: 'abort', outgoing: await everywhere(admin, binding), offsets: { group, offsets } };
  });
  if (ahead !== null) await areCounted(ahead, countedUntil, `${group} and ${topic}/${partition}`);
}

/** Where state that may be ahead of what is counted on begins: not before what is still there. What is deleted was counted on once. */
async function keptFrom(admin: Admin, topic: string, partition: number, counted: bigint): Promise<bigint> {
  const low = await firstOffset(admin, topic, partition);
  if (low === null) throw new Error(`no beginning of ${topic}/${partition} was given`);
  return low > counted ? low : counted;
}

/** A coordinator answers that a transaction is committed before it counts the offsets of it. */
async function areCounted(until: bigint, countedUntil: () => Promise<bigint>, where: string): Promise<void> {
  const latest = performance.now() + COUNTED_WITHIN;
  while ((await countedUntil()) < until) {
    if (performance.now() > latest)
      throw new FatalStateError(
        `${where} do not agree: state up to ${until} is committed, and its offsets are not`,
        'nothing was written. A broker that restarted while it was loading may answer from old offsets: restart it. Else restore both from a broker that has them, or delete both to begin anew',
      );
    await delay(POLL);
  }
}

/** A probe for each partition that the step may write to. */
async function everywhere<Inputs, Outputs>(admin: Admin, { outputs, deadLetters }: StepBinding<Inputs, Outputs>) {
  const topics = new Set(Object.values<{ topic: string }>(outputs).map(({ topic }) => topic)).add(deadLetters.topic);
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  const probes: Outgoing = new Map(
    metadata.topics.map(({ name, partitions }) => [
      name,
      new Map(partitions.map(({ partitionId }) => [partitionId, [PROBE]])),
    ]),
  );
  return probes;
}
