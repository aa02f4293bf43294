import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { idleTarget } from '../idle.ts';
import { stateTopic, transactionalId } from './binding.ts';
import { readCommitted } from './committed.ts';
import { FatalStateError, isRegistryAway, kafkaErrorType } from './errors.ts';
import { missingRight } from './forbidden.ts';
import type { Position } from './lag.ts';
import type { PartitionFeed } from './partition-feed.ts';
import { onReadableRows, replayJournal, restore } from './restore.ts';
import { Session } from './session.ts';
import { Signal } from './signal.ts';
import type { TaskDeps } from './task-deps.ts';
import { inputName, type TaskInput, taskInputs } from './task-inputs.ts';
import type { TaskState, TaskStatus } from './task-state.ts';
import { TransactionLine } from './transaction.ts';
import { endUnended } from './unended.ts';

/** Milliseconds to wait for input before looking at commits and idleness. */
const TICK = 50;
/** Output above this is committed at once, whatever the interval. */
const MOST_PENDING_BYTES = 4 * 1024 * 1024;
/** Event time by which one input may lead the slowest one before it has to wait. */
const MOST_LEAD = 10 * 60_000;
/** Milliseconds between two questions to a registry that is away. */
const REGISTRY_RETRY = 1_000;
const FIRST_BACKOFF = 100;
const LAST_BACKOFF = 5_000;
/** Kafka forgets the offsets of a group without members after seven days: an idle task says again where it is. */
const OFFSET_KEEP_ALIVE = 6 * 60 * 60_000;
/** Failing this often in a row without one commit is no passing fault. */
const MOST_FAILURES = 60;

/**
 * One task of a step: owns one partition (or all of them), and is the only writer of its output and state.
 *
 *   fencing ----> restoring ----> replaying ----> running
 *      ^  new producer,  truth read,   history done     |  any error at send, offsets or commit: the outcome is unknown
 *      |  older owners   checkpoint    again, muted     v
 *      +--- confirmed member of the group --- recovering       (who is not confirmed stays here until its group moves it)
 *
 *   replaying, running <--> waiting_for_registry, for as long as it is away
 *   any state --close()--> closed ;  any state --FatalStateError, OustedError--> fatal (nothing was written; a person decides, or a zombie ends)
 */
export class Task<Inputs, Outputs> {
  readonly #deps: TaskDeps<Inputs, Outputs>;
  readonly #inputs: TaskInput<Inputs>[];
  readonly #stateFeed: PartitionFeed;
  readonly #loop: Promise<void>;
  #state: TaskState = 'fencing';
  #session: Session<Inputs, Outputs> | null = null;
  #line: TransactionLine | null = null;
  #closing = false;
  readonly #signal = new Signal();
  readonly #waiting = { arrival: () => this.#arrival(), isClosing: () => this.#closing };
  #replayRemaining = 0;
  /** In the time of day, and on the monotonic clock. */
  #lastCheckpoint: { at: number; since: number } | null = null;
  #lastCommit = 0;
  #lastInput = 0;
  #quietSince: number | null = null;
  #failures = 0;

  constructor(deps: TaskDeps<Inputs, Outputs>) {
    this.#deps = deps;
    const arrived = (): void => this.#signal.wake();
    this.#inputs = taskInputs(deps.binding, deps.partitionsOf, deps.membership, arrived).map(
      ({ binding, ...input }) => ({
        ...input,
        binding: { ...binding, prepare: (messages) => this.#whenRegistryAnswers(() => binding.prepare(messages)) },
      }),
    );
    this.#stateFeed = deps.membership.feed(stateTopic(deps.binding.step), deps.partition, arrived);
    this.#loop = this.#run();
  }

  /** The next offset of each input; -1 while it is not known. */
  positions(): Position[] {
    return this.#inputs.map(({ feed: { topic, partition } }, index) => ({
      topic,
      partition,
      offset: this.#session?.positions[index] ?? -1n,
    }));
  }

  /** Commits what is done when `drain`, then lets go of everything. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#signal.wake();
    await this.#loop;
  }

  status(): TaskStatus {
    const session = this.#session;
    const positions: TaskStatus['positions'] = {};
    for (const [index, input] of this.#inputs.entries()) {
      positions[inputName(input)] = {
        processed: (session?.positions[index] ?? -1n).toString(),
        committed: (session?.committedPositions[index] ?? -1n).toString(),
      };
    }
    return {
      partition: this.#deps.partition,
      state: this.#state,
      positions,
      watermark: session?.watermark() ?? 0,
      lastCheckpoint: this.#lastCheckpoint?.at ?? null,
      replayRemaining: this.#replayRemaining,
      idle: session?.committedIdle() ?? false,
    };
  }

  async #run(): Promise<void> {
    let backoff = FIRST_BACKOFF;
    while (!this.#closing) {
      const ousting = this.#deps.membership.watchOusting();
      try {
        this.#enter('fencing');
        const line = await TransactionLine.open(
          this.#deps.kafka,
          transactionalId(this.#deps.binding.step, this.#deps.partition),
          this.#deps.log,
        );
        this.#line = line;
        await endUnended(line, {
          ...this.#deps,
          inputs: this.#inputs,
          state: { feed: this.#stateFeed, ...this.#waiting },
        });
        const session = await this.#open();
        this.#session = session;
        this.#enter('running');
        await this.#work(session, line);
        await line.closed();
      } catch (error) {
        this.#line?.close();
        this.#line = null;
        this.#session = null;
        if (!this.#closing) {
          const forbidden = missingRight(error);
          if (error instanceof FatalStateError || forbidden !== null || ++this.#failures > MOST_FAILURES)
            return this.#fail(forbidden ?? error);
          this.#enter('recovering');
          this.#deps.log.warn(
            { err: error, kafka: kafkaErrorType(error), task: this.#deps.partition, step: this.#deps.binding.step },
            'task lost its footing; it reads the committed truth again',
          );
        }
        await this.#confirmMembership(backoff);
        const ousted = ousting(error);
        if (ousted !== null) return this.#fail(ousted);
        backoff = this.#failures === 0 ? FIRST_BACKOFF : Math.min(backoff * 2, LAST_BACKOFF);
      }
    }
    for (const { feed } of this.#inputs) this.#deps.membership.drop(feed);
    this.#deps.membership.drop(this.#stateFeed);
    this.#enter('closed');
  }

  async #open(): Promise<Session<Inputs, Outputs>> {
    const { binding, partition, partitions, metrics, admin } = this.#deps;
    for (const { feed } of this.#inputs) feed.close();
    this.#enter('restoring');
    const deps = {
      admin,
      binding,
      partition,
      inputs: this.#inputs,
      stateFeed: this.#stateFeed,
      ...this.#waiting,
    };
    const { start, journal } = await restore(deps);
    const session = onReadableRows(
      binding.step,
      () => new Session({ binding, partition, partitions, inputs: this.#inputs, start, metrics }),
    );
    for (const [index, { feed }] of this.#inputs.entries()) feed.open(start.positions[index] ?? 0n);
    this.#lastCheckpoint = journal === null ? null : this.#thisMoment();
    if (journal !== null) {
      this.#enter('replaying');
      session.mute(true);
      await replayJournal(session, journal, deps, (remaining) => {
        this.#replayRemaining = remaining;
      });
      session.mute(false);
    }
    this.#lastCommit = this.#deps.monotonicNow();
    this.#lastInput = this.#deps.monotonicNow();
    this.#quietSince = null;
    return session;
  }

  async #work(session: Session<Inputs, Outputs>, line: TransactionLine): Promise<void> {
    while (!this.#closing) {
      if (this.#commitDue(session)) await this.#commit(session, line, session.committedIdle());
      // Peers must not go on by the clock while this task is at work again.
      if (session.committedIdle() && this.#hasInput()) await this.#commit(session, line, false);
      if (await this.#processNext(session)) {
        this.#lastInput = this.#deps.monotonicNow();
        this.#quietSince = null;
        await yieldToLoop();
        continue;
      }
      if (!(await this.#advanceIdle(session, line))) await this.#arrival();
    }
    if (session.hasUncommitted()) await this.#commit(session, line, false);
  }

  #commitDue(session: Session<Inputs, Outputs>): boolean {
    if (this.#lastCheckpoint === null) return true; // the first transaction says where the task began
    if (session.pendingBytes() > MOST_PENDING_BYTES) return true;
    const age = this.#deps.monotonicNow() - this.#lastCommit;
    return age >= OFFSET_KEEP_ALIVE || (session.hasUncommitted() && age >= this.#deps.settings.commitInterval);
  }

  #hasInput(): boolean {
    return this.#inputs.some((input) => input.feed.peek() !== undefined);
  }

  async #commit(session: Session<Inputs, Outputs>, line: TransactionLine, idle: boolean): Promise<void> {
    const { settings, metrics, monotonicNow, binding, partition, admin, log } = this.#deps;
    const begun = this.#thisMoment();
    const checkpoint =
      this.#lastCheckpoint === null || begun.since - this.#lastCheckpoint.since >= settings.checkpointInterval;
    try {
      const committed = await session.commit(line, { checkpoint, idle });
      metrics.transaction('committed', (monotonicNow() - begun.since) / 1000);
      if (checkpoint) {
        this.#lastCheckpoint = begun;
        // Older records are of no use to anybody. Not waited for: a broker that cannot do it now will be asked again. One that never will would keep them all.
        admin
          .deleteTopicRecords({
            topic: stateTopic(binding.step),
            partitions: [{ partition, offset: committed.state.from }],
          })
          .catch((error: unknown) => {
            const forbidden = missingRight(error);
            if (forbidden !== null) this.#fail(forbidden);
            else log.debug({ error, step: binding.step }, 'old state not deleted yet');
          });
      }
    } catch (error) {
      metrics.transaction('unknown', (monotonicNow() - begun.since) / 1000);
      throw error;
    }
    this.#failures = 0;
    this.#lastCommit = monotonicNow();
  }

  /** Processes one batch, or says that there is none. Tables first; then the input that is furthest behind in event time. */
  async #processNext(session: Session<Inputs, Outputs>): Promise<boolean> {
    const table = this.#inputs.findIndex(
      (input) => input.binding.time.kind === 'table' && input.feed.peek() !== undefined,
    );
    if (table !== -1) return await this.#processBatch(session, table);
    let behind = -1;
    for (const [index, input] of this.#inputs.entries()) {
      if (input.feed.isLost()) throw new Error(`${inputName(input)} is not delivered from where it was asked for`);
      if (input.binding.time.kind === 'table' || input.feed.peek() === undefined) continue;
      if (session.inputWatermark(index) > session.watermark() + MOST_LEAD) continue;
      if (behind === -1 || session.inputWatermark(index) < session.inputWatermark(behind)) behind = index;
    }
    if (behind === -1) return false;
    await this.#whenRegistryAnswers(async () => await this.#deps.binding.before?.());
    await this.#readTables(session);
    return await this.#processBatch(session, behind);
  }

  async #processBatch(session: Session<Inputs, Outputs>, index: number): Promise<boolean> {
    const input = this.#inputs[index];
    const batch = input?.feed.peek();
    if (input === undefined || batch === undefined) return false;
    await input.binding.prepare(batch.messages);
    session.process(index, batch.messages, batch.until);
    input.feed.take();
    return true;
  }

  /** Everything written to the table topics before now, before the next event. */
  async #readTables(session: Session<Inputs, Outputs>): Promise<void> {
    for (const [index, input] of this.#inputs.entries()) {
      if (input.binding.time.kind !== 'table') continue;
      const end = (await this.#deps.endOffsets(input.feed.topic)).get(input.feed.partition) ?? 0n;
      while ((session.positions[index] ?? 0n) < end && !this.#closing) {
        if (!(await this.#processBatch(session, index))) await this.#arrival();
      }
    }
  }

  /** An idle source follows its peers, or the clock when they are idle too. True when it moved. */
  async #advanceIdle(session: Session<Inputs, Outputs>, line: TransactionLine): Promise<boolean> {
    const { settings, monotonicNow, admin, binding, endOffsets, partition } = this.#deps;
    const source = this.#inputs.findIndex((input) => input.binding.time.kind === 'events');
    const input = this.#inputs[source];
    if (input === undefined || monotonicNow() - this.#lastInput < settings.idleTimeout) return false;
    const end = (await endOffsets(input.feed.topic)).get(input.feed.partition) ?? 0n;
    if ((session.positions[source] ?? 0n) < end) return false;
    if (!session.committedIdle() || session.hasUncommitted()) await this.#commit(session, line, true);
    const truth = await readCommitted(admin, binding.step, input.feed.topic);
    const partitions = (await endOffsets(input.feed.topic)).keys();
    const others = [...partitions].filter((peer) => peer !== partition).map((peer) => truth.get(peer) ?? null);
    const allIdle = others.every((peer) => peer?.idle === true);
    if (!allIdle) this.#quietSince = null;
    else this.#quietSince ??= monotonicNow();
    const quietFor = this.#quietSince === null ? null : monotonicNow() - this.#quietSince;
    const own = { watermark: session.watermark(), latest: session.latestEvent() };
    const target = idleTarget({ own, peers: others, quietFor, speed: settings.idleSpeed });
    if (target <= session.watermark() || input.feed.peek() !== undefined) return false;
    session.advance(target);
    await this.#commit(session, line, true);
    return true;
  }

  /**
   * Waits for as long as the registry is away: an outage passes, and a process that ended for it would not be started again. What is done is committed
   * meanwhile.
   */
  async #whenRegistryAnswers(ask: () => Promise<void>): Promise<void> {
    const { log, binding, partition } = this.#deps;
    const before = this.#state;
    for (;;) {
      try {
        await ask();
        break;
      } catch (error) {
        if (this.#closing || !isRegistryAway(error)) throw error;
        if (this.#state === before)
          log.warn({ err: error, step: binding.step, task: partition }, 'task waits for the schema registry');
        this.#enter('waiting_for_registry');
      }
      if (this.#session !== null && this.#line !== null && this.#commitDue(this.#session))
        await this.#commit(this.#session, this.#line, false);
      await this.#signal.wait(REGISTRY_RETRY);
    }
    if (this.#state === before) return;
    this.#enter(before);
    log.info({ step: binding.step, task: partition }, 'the schema registry answers again');
  }

  async #confirmMembership(backoff: number): Promise<void> {
    while (!this.#closing) {
      await this.#signal.wait(backoff);
      if (await this.#deps.membership.isConfirmed()) return;
    }
  }

  #thisMoment(): { at: number; since: number } {
    return { at: this.#deps.now(), since: this.#deps.monotonicNow() };
  }

  #fail(error: unknown): void {
    this.#enter('fatal');
    this.#deps.onFatal(error instanceof Error ? error : new Error(String(error)));
  }

  #enter(state: TaskState): void {
    if (this.#state === 'fatal') return;
    this.#state = state;
    this.#deps.log.debug({ step: this.#deps.binding.step, task: this.#deps.partition, state }, 'task');
  }

  #arrival(): Promise<void> {
    return this.#signal.wait(TICK);
  }
}
