import type { Logger } from 'pino';
import { type StepBinding, stateTopic } from './binding.ts';
import type { Admin } from './client.ts';
import { offsetsGroup, readOwnCommitted } from './committed.ts';
import type { EndOffsets } from './end-offsets.ts';
import type { StreamMetrics } from './metrics.ts';
import type { TaskInput } from './task-inputs.ts';
import { type Outgoing, PROBE, type ProbeEnd, type TransactionLine } from './transaction.ts';

export interface UnendedDeps<Inputs, Outputs> {
  admin: Admin;
  endOffsets: EndOffsets;
  binding: StepBinding<Inputs, Outputs>;
  partition: number;
  inputs: readonly TaskInput<Inputs>[];
  metrics: Pick<StreamMetrics, 'unended'>;
  log: Logger;
}

const NOTHING: ProbeEnd = { kind: 'abort', outgoing: new Map(), offsets: null };

/**
 * Ends what a transaction of this task left without its end. A broker that starts again can log a transaction as committed and skip its markers (Kafka 4.3.1: "Couldn't
 * find leader endpoint for partitions ... while trying to send transaction markers ... can be skipped"). Its records would then wait for whatever the same producer ends
 * next, and be published beside the same work, which is done again because its offsets were not committed.
 *
 * The task alone writes its partition of the state topic, and its older owners are fenced: whatever is not stable there before a record of its own is such a rest. When
 * the committed truth does not count on it, it is given up in every partition that the task may have written to; when it does (offsets committed, state not), it is
 * committed, and what it wrote elsewhere waits for the task's next commit there. Not seen: a rest on output topics beside a state that did get its markers (the next commit to
 * that partition publishes it), and one that a later transaction of the same producer has covered before it was given up itself: `restore` notices where state and offsets differ.
 */
export async function endUnended<Inputs, Outputs>(
  line: Pick<TransactionLine, 'probe'>,
  { admin, endOffsets, binding, partition, inputs, metrics, log }: UnendedDeps<Inputs, Outputs>,
): Promise<void> {
  const topic = stateTopic(binding.step);
  await line.probe(topic, partition, async (at) => {
    // kafkajs asks as a reader of committed messages: for the end of what such a reader may see.
    const stable = (await endOffsets(topic)).get(partition);
    if (stable === undefined) throw new Error(`no end of ${topic}/${partition} was given`);
    if (stable >= at) return NOTHING;
    const own = await readOwnCommitted(
      admin,
      binding.step,
      inputs.map(({ feed }) => feed),
    );
    const isTruth = own !== null && BigInt(own.committed.state.until) > stable;
    metrics.unended();
    log.warn(
      { step: binding.step, task: partition, topic, from: stable.toString(), until: at.toString() },
      `a broker left a transaction of this task without its end; it is ${isTruth ? 'committed, as its offsets are' : 'given up, and its work done again'}`,
    );
    if (isTruth) return { kind: 'commit' };
    // Given up as well, so their value is nothing: offsets that were sent and never ended are ended by this.
    const offsets = inputs.map(({ feed }) => ({
      topic: feed.topic,
      partition: feed.partition,
      offset: '0',
      metadata: null,
    }));
    return {
      kind: 'abort',
      outgoing: await everywhere(admin, binding),
      offsets: { group: offsetsGroup(binding.step), offsets },
    };
  });
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
