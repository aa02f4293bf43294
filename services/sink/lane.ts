import type { Logger } from 'pino';
import type { ClickHouse } from '../platform/clickhouse.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { Admin, KafkaClient } from '../stream/kafka/client.ts';
import { FatalStateError } from '../stream/kafka/errors.ts';
import { firstOffset } from '../stream/kafka/first-offset.ts';
import { missingRight } from '../stream/kafka/forbidden.ts';
import type { LaneStatus } from '../stream/kafka/lanes.ts';
import { readMark } from '../stream/kafka/marks.ts';
import type { GroupMember } from '../stream/kafka/membership.ts';
import type { PartitionFeed } from '../stream/kafka/partition-feed.ts';
import { Signal } from '../stream/kafka/signal.ts';
import { TransactionLine } from '../stream/kafka/transaction.ts';
import type { SinkSource } from './sources.ts';

export interface LaneDeps {
  kafka: KafkaClient;
  admin: Admin;
  clickHouse: ClickHouse;
  membership: GroupMember;
  codecs: Codecs;
  log: Logger;
  source: SinkSource;
  partition: number;
  batchRows: number;
  /** Milliseconds that a row waits for company. */
  batchWait: number;
  monotonicNow(): number;
  /** The process must end: others have its work. */
  onFatal(error: Error): void;
  inserted(table: string, rows: number): void;
  failed(table: string, reason: SinkFailure): void;
}

/** `refused`: a batch, which is offered again. `unreadable`: a message, which is skipped. */
export type SinkFailure = 'refused' | 'unreadable';

export interface SinkLaneStatus extends LaneStatus {
  state: 'opening' | 'running' | 'waiting_for_clickhouse' | 'closed';
}

/** The plan of the batch under way, committed before it is inserted: after a crash exactly this range is done again, under the same token. */
interface Plan {
  until: string;
}

export const SINK_GROUP = 'stillwatch.sink';
export const SINK_OFFSETS = 'stillwatch.sink.offsets';
/** How the transactional ids of all lanes begin. */
export const SINK_TRANSACTIONS = 'stillwatch.sink.';
const FIRST_BACKOFF = 200;
const LAST_BACKOFF = 10_000;
/** Milliseconds that a lane which is being closed waits for an insert: a service that is told to stop is promised to be gone in 10 s. */
const INSERT_PATIENCE = 5_000;

/**
 * One topic partition on its way into its table.
 *
 * 1. Rows are gathered until there are enough, or the first has waited long enough; their range of offsets is the batch.
 * 2. The range is committed to Kafka as a plan, together with the end of the last batch. (A zombie is fenced here.)
 * 3. The batch is inserted under a token made from its range, and again until ClickHouse acknowledges it: the same token twice stores once.
 * 4. The next plan's commit says that it is done. A crash between 3 and 4 repeats 3 with the same token and the same rows.
 *
 *   opening --offset and plan read--> running <--> waiting_for_clickhouse ; any --error of Kafka--> opening ; any --close()--> closed
 *   A zombie is refused by Kafka and ends its process.
 */
export class SinkLane {
  readonly #deps: LaneDeps;
  readonly #feed: PartitionFeed;
  readonly #loop: Promise<void>;
  #closing = false;
  readonly #signal = new Signal();
  readonly #hurry = new AbortController();
  /** -1 until it is read. */
  #position = -1n;
  #state: SinkLaneStatus['state'] = 'opening';

  constructor(deps: LaneDeps) {
    this.#deps = deps;
    this.#feed = deps.membership.feed(deps.source.topic, deps.partition, () => this.#signal.wake());
    this.#loop = this.#run();
  }

  /** Lets an insert that is under way end, but does not wait for a ClickHouse that hangs: the next owner of the lane does it again, under the same token. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#signal.wake();
    const timer = setTimeout(() => this.#hurry.abort(new Error('the lane is closed')), INSERT_PATIENCE);
    await this.#loop;
    clearTimeout(timer);
  }

  status(): SinkLaneStatus {
    const { source, partition } = this.#deps;
    return { topic: source.topic, partition, offset: this.#position.toString(), state: this.#state };
  }

  async #run(): Promise<void> {
    const { kafka, source, partition, log, membership } = this.#deps;
    let backoff = FIRST_BACKOFF;
    while (!this.#closing) {
      this.#state = 'opening';
      let line: TransactionLine | null = null;
      const ousting = membership.watchOusting();
      try {
        line = await TransactionLine.open(kafka, `${SINK_TRANSACTIONS}${source.topic}.${partition}`, log);
        const planned = await this.#readPlan();
        this.#feed.open(this.#position);
        this.#state = 'running';
        backoff = FIRST_BACKOFF;
        await this.#work(line, planned);
        await line.closed();
      } catch (error) {
        line?.close();
        const forbidden = missingRight(error);
        if (forbidden !== null) return this.#deps.onFatal(forbidden);
        if (error instanceof FatalStateError) return this.#deps.onFatal(error);
        this.#feed.close();
        if (!this.#closing)
          log.warn({ err: error, topic: source.topic, partition }, 'sink reads its committed offset again');
        while (!this.#closing) {
          await this.#signal.wait(backoff);
          if (await membership.isConfirmed()) break;
        }
        const ousted = ousting(error);
        if (ousted !== null) return this.#deps.onFatal(ousted);
        backoff = Math.min(backoff * 2, LAST_BACKOFF);
      }
    }
    membership.drop(this.#feed);
    this.#state = 'closed';
  }

  /** Sets the position to the committed one; the end of the batch that was under way, if any. */
  async #readPlan(): Promise<bigint | null> {
    const { admin, source, partition } = this.#deps;
    const [answer] = await admin.fetchOffsets({ groupId: SINK_OFFSETS, topics: [source.topic] });
    const committed = answer?.partitions.find((entry) => entry.partition === partition);
    const low = (await firstOffset(admin, source.topic, partition)) ?? 0n;
    if (committed === undefined || Number(committed.offset) < 0) {
      this.#position = low;
      return null;
    }
    this.#position = BigInt(committed.offset);
    if (this.#position < low)
      throw new FatalStateError(
        `${source.topic}/${partition} begins at offset ${low}, but table ${source.table} has it only up to ${this.#position}: retention deleted what lies between`,
        `raise the topic's retention above the longest outage of ClickHouse; to go on without the deleted rows, stop the sink, run \`kafka-consumer-groups --reset-offsets --to-earliest --execute --group ${SINK_OFFSETS} --topic ${source.topic}:${partition}\` and start it`,
      );
    const plan: Plan | null = committed.metadata ? JSON.parse(committed.metadata) : null;
    return plan === null ? null : BigInt(plan.until);
  }

  async #work(line: TransactionLine, planned: bigint | null): Promise<void> {
    if (planned !== null && planned > this.#position) {
      const rows = await this.#gather(planned);
      if (rows === null) return;
      await this.#insert(rows, this.#position, planned);
      this.#position = planned;
      await this.#commit(line, null);
    }
    let uncommitted = false;
    while (!this.#closing) {
      const batch = await this.#gatherNext();
      if (batch === null) {
        if (uncommitted) await this.#commit(line, null);
        uncommitted = false;
        await this.#signal.wait(this.#deps.batchWait);
        continue;
      }
      // Only watermarks and control records: nothing to store, nothing to plan.
      if (batch.rows.length > 0) {
        await this.#commit(line, batch.until);
        await this.#insert(batch.rows, this.#position, batch.until);
      }
      this.#position = batch.until;
      uncommitted = true;
    }
    if (uncommitted) await this.#commit(line, null);
  }

  /** What there is, once it is enough or the first has waited; null when there is nothing. Whole fetches only, so that the range ends where one ends. */
  async #gatherNext(): Promise<{ rows: unknown[][]; until: bigint } | null> {
    const { batchRows, batchWait, monotonicNow } = this.#deps;
    if (this.#nextFetched() === undefined) return null;
    const rows: unknown[][] = [];
    let until = this.#position;
    const end = monotonicNow() + batchWait;
    while (rows.length < batchRows && !this.#closing) {
      const fetched = this.#feed.peek();
      if (fetched === undefined) {
        const left = end - monotonicNow();
        if (left <= 0) break;
        await this.#signal.wait(left);
        continue;
      }
      this.#feed.take();
      await this.#addRows(rows, fetched.messages);
      until = fetched.until;
    }
    return until === this.#position ? null : { rows, until };
  }

  #nextFetched() {
    if (this.#feed.isLost())
      throw new Error(
        `${this.#deps.source.topic}/${this.#deps.partition} is not delivered from where it was asked for`,
      );
    return this.#feed.peek();
  }

  /** The rows of exactly [position, until); null when closing. */
  async #gather(until: bigint): Promise<unknown[][] | null> {
    const rows: unknown[][] = [];
    for (let reached = this.#position; reached < until; ) {
      const fetched = this.#nextFetched();
      if (fetched === undefined) {
        if (this.#closing) return null;
        await this.#signal.wait(this.#deps.batchWait);
        continue;
      }
      const cut =
        fetched.until <= until ? -1 : fetched.messages.findIndex((message) => BigInt(message.offset) >= until);
      await this.#addRows(rows, cut === -1 ? fetched.messages : fetched.messages.slice(0, cut));
      reached = fetched.until <= until ? fetched.until : until;
      if (fetched.until <= until) this.#feed.take();
      else {
        fetched.messages = cut === -1 ? [] : fetched.messages.slice(cut);
        fetched.from = until;
      }
    }
    return rows;
  }

  async #addRows(rows: unknown[][], messages: Parameters<SinkSource['row']>[0][]): Promise<void> {
    const { source, partition, codecs, log, failed } = this.#deps;
    await codecs.prepare(messages);
    for (const message of messages) {
      if (readMark(message) !== null) continue;
      const row = source.row(message);
      if (row.ok) rows.push(row.value);
      else {
        // Our own streams hold only what our own services wrote: this is somebody else's message. It stays on its topic.
        failed(source.table, 'unreadable');
        log.error(
          { topic: source.topic, partition, offset: message.offset, reason: row.reason },
          'a message on one of our topics cannot be read; it is skipped',
        );
      }
    }
  }

  async #insert(rows: readonly unknown[][], from: bigint, until: bigint): Promise<void> {
    const { clickHouse, source, partition, log, inserted, failed } = this.#deps;
    if (rows.length === 0) return;
    for (let backoff = FIRST_BACKOFF; ; backoff = Math.min(backoff * 2, LAST_BACKOFF)) {
      try {
        await clickHouse.insert(
          source.table,
          { columns: source.columns, values: rows },
          `${source.topic}-${partition}-${from}-${until}`,
          this.#hurry.signal,
        );
        this.#state = 'running';
        inserted(source.table, rows.length);
        return;
      } catch (error) {
        if (this.#closing) throw error;
        this.#state = 'waiting_for_clickhouse';
        failed(source.table, 'refused');
        log.warn(
          { err: error, table: source.table, rows: rows.length },
          'ClickHouse did not take a batch; it is offered again',
        );
        await this.#signal.wait(backoff);
      }
    }
  }

  async #commit(line: TransactionLine, planned: bigint | null): Promise<void> {
    const { source, partition } = this.#deps;
    const metadata = planned === null ? '' : JSON.stringify({ until: planned.toString() } satisfies Plan);
    await line.commitOffsets(SINK_OFFSETS, [
      { topic: source.topic, partition, offset: this.#position.toString(), metadata },
    ]);
  }
}
