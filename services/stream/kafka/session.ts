import { SECTIONS } from '../checkpoint.ts';
import type { StepContext } from '../step.ts';
import { createStepDriver, type DriverState, type StepDriver } from '../step-driver.ts';
import type { TrackedTables } from '../tracked-tables.ts';
import type { StepBinding } from './binding.ts';
import { stateTopic } from './binding.ts';
import type { KafkaMessage } from './client.ts';
import { type Committed, encodeCommitted, offsetsGroup } from './committed.ts';
import { markMessage, readMark } from './marks.ts';
import type { StreamMetrics } from './metrics.ts';
import { Outbox } from './outbox.ts';
import { appendJournal, type CheckpointHeader, encodeStateRecord, type JournalEntry } from './state-log.ts';
import { driverInputs, inputName, type TaskInput } from './task-inputs.ts';
import type { OffsetToCommit, TransactionLine } from './transaction.ts';

/** Where a task stands: what a checkpoint restores, or the beginning. */
export interface StartingPoint {
  tables: TrackedTables;
  driver: DriverState | undefined;
  positions: bigint[];
  /** Number of the next checkpoint. */
  nextCheckpoint: number;
  /** Where the last checkpoints begin in the state log, oldest first. */
  begins: bigint[];
}

export interface SessionOptions<Inputs, Outputs> {
  binding: StepBinding<Inputs, Outputs>;
  partition: number;
  partitions: number;
  inputs: readonly TaskInput<Inputs>[];
  start: StartingPoint;
  metrics: StreamMetrics;
}

/**
 * A task between two failures: the step with its state, the positions reached, and what waits for the next transaction. Thrown away whole on any error.
 * Everything here is synchronous but `commit`.
 */
export class Session<Inputs, Outputs> {
  readonly #options: SessionOptions<Inputs, Outputs>;
  readonly #driver: StepDriver<Inputs>;
  readonly #tables: TrackedTables;
  readonly #outbox = new Outbox();
  #journal: JournalEntry[] = [];
  #begins: bigint[];
  #nextCheckpoint: number;
  #marked: number;
  #committedIdle = false;
  readonly positions: bigint[];
  /** Positions of the last transaction; those of the start before the first. */
  committedPositions: readonly bigint[];

  constructor(options: SessionOptions<Inputs, Outputs>) {
    const { binding, partition, partitions, inputs, start, metrics } = options;
    this.#options = options;
    this.#tables = start.tables;
    this.positions = [...start.positions];
    this.committedPositions = [...start.positions];
    this.#begins = [...start.begins];
    this.#nextCheckpoint = start.nextCheckpoint;
    const context: StepContext = {
      partition,
      partitions,
      tables: start.tables,
      count: (name, reason, by = 1) => {
        if (!this.#outbox.muted) metrics.counted(name, reason, by);
      },
    };
    this.#driver = createStepDriver({
      factory: binding.factory,
      context,
      inputs: driverInputs(inputs),
      restored: start.driver,
      emit: (output, record, to) => {
        if (this.#outbox.muted) return;
        const { topic, encode } = binding.outputs[output];
        this.#outbox.add(topic, to, encode(record));
        metrics.emitted(topic);
      },
    });
    this.#marked = this.#driver.watermark();
  }

  /** While history is replayed nothing goes out and nothing is counted: it all has been. */
  mute(muted: boolean): void {
    this.#outbox.muted = muted;
    if (!muted) this.#marked = this.#driver.watermark();
  }

  watermark(): number {
    return this.#driver.watermark();
  }
  inputWatermark(index: number): number {
    return this.#driver.inputWatermark(index);
  }
  latestEvent(): number {
    return this.#driver.latestEvent();
  }
  pendingBytes(): number {
    return this.#outbox.bytes;
  }
  hasUncommitted(): boolean {
    return this.#journal.length > 0;
  }

  /** Processes messages of input `index`; `until` is the position after them. `refused`: offsets of those that history has rejected. */
  process(index: number, messages: readonly KafkaMessage[], until: bigint, refused?: ReadonlySet<string>): void {
    const input = this.#options.inputs[index];
    if (input === undefined) throw new RangeError(`no input ${index}`);
    const { binding, feed } = input;
    const rejected: string[] = [];
    for (const message of messages) {
      if (refused?.has(message.offset) === true) {
        rejected.push(message.offset);
        continue;
      }
      const mark = binding.time.kind === 'marks' ? readMark(message) : null;
      if (mark !== null) {
        this.#driver.mark(index, mark);
        continue;
      }
      const decoded = binding.decode(message);
      if (decoded.ok)
        this.#driver.record(index, decoded.value, {
          topic: feed.topic,
          partition: feed.partition,
          offset: message.offset,
        });
      else {
        rejected.push(message.offset);
        this.#reject(feed.topic, feed.partition, message, decoded.reason, decoded.detail);
      }
    }
    if (!this.#outbox.muted) this.#options.metrics.processed(feed.topic, messages.length);
    this.positions[index] = until;
    const read = { read: index, until: until.toString() };
    appendJournal(this.#journal, rejected.length === 0 ? read : { ...read, rejected });
  }

  advance(time: number): void {
    this.#driver.advance(time);
    appendJournal(this.#journal, { advance: time });
  }

  /** One transaction: output, positions, and the state (whole checkpoint or journal) that they belong to. */
  async commit(
    line: Pick<TransactionLine, 'commit'>,
    options: { checkpoint: boolean; idle: boolean },
  ): Promise<Committed> {
    const { binding, partition, inputs } = this.#options;
    this.#addMarks();
    const records = options.checkpoint
      ? this.#checkpoint()
      : encodeStateRecord({ kind: 'journal', journal: this.#journal });
    this.#journal = [];
    let committed: Committed | null = null;
    await line.commit({
      outgoing: this.#outbox.take(),
      state: { topic: stateTopic(binding.step), partition, records },
      offsetsGroup: offsetsGroup(binding.step),
      offsets: (written) => {
        if (options.checkpoint) this.#begins = [...this.#begins, written.first].slice(-SECTIONS);
        committed = {
          version: 1,
          state: { from: (this.#begins[0] ?? written.first).toString(), until: written.until.toString() },
          watermark: this.watermark(),
          latest: this.latestEvent(),
          idle: options.idle,
        };
        const metadata = encodeCommitted(committed);
        return inputs.map(
          (input, index): OffsetToCommit => ({
            topic: input.feed.topic,
            partition: input.feed.partition,
            offset: (this.positions[index] ?? 0n).toString(),
            metadata: index === 0 ? metadata : null,
          }),
        );
      },
    });
    if (committed === null) throw new Error('a commit that wrote no offsets');
    this.#committedIdle = options.idle;
    this.committedPositions = [...this.positions];
    return committed;
  }

  committedIdle(): boolean {
    return this.#committedIdle;
  }

  /** Made while they are sent: the task does nothing else until they are. */
  *#checkpoint(): Generator<Buffer> {
    const header: CheckpointHeader = {
      version: 1,
      number: this.#nextCheckpoint,
      positions: this.positions.map(String),
      inputs: this.#options.inputs.map(inputName),
      driver: this.#driver.save(),
      earlier: this.#begins.map(String),
    };
    let bytes = 0;
    for (const chunk of this.#tables.checkpoint(this.#nextCheckpoint)) {
      bytes += chunk.length;
      yield* encodeStateRecord({ kind: 'chunk', chunk });
    }
    this.#nextCheckpoint++;
    this.#options.metrics.checkpointed(bytes);
    yield* encodeStateRecord({ kind: 'header', header });
  }

  /** Behind the records that it covers, in every partition that somebody aligns on. */
  #addMarks(): void {
    const watermark = this.watermark();
    if (watermark <= this.#marked) return;
    const { binding, partition, partitions } = this.#options;
    for (const { topic, marks } of Object.values<StepBinding<Inputs, Outputs>['outputs'][keyof Outputs & string]>(
      binding.outputs,
    )) {
      if (marks === 'own')
        this.#outbox.add(topic, partition, markMessage({ source: partition, of: 1, time: watermark }));
      if (marks !== 'all') continue;
      const of = binding.tasks === 'single' ? 1 : partitions;
      for (let to = 0; to < partitions; to++)
        this.#outbox.add(topic, to, markMessage({ source: partition, of, time: watermark }));
    }
    this.#marked = watermark;
  }

  #reject(topic: string, partition: number, message: KafkaMessage, reason: string, detail: string): void {
    if (this.#outbox.muted) return;
    const { deadLetters } = this.#options.binding;
    // Dead letters of a partition stay in order; how many partitions that topic has is its own business, the first is always there.
    this.#outbox.add(deadLetters.topic, 0, deadLetters.encode({ reason, detail, topic, partition, message }));
    this.#options.metrics.rejected(topic, reason);
  }
}
