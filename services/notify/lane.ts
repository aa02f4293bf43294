import type { Logger } from 'pino';
import { alertMessage, messageId, readAlertMessage } from '../clusters/alert-message.ts';
import type { AlertEvent } from '../records/alert.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { Admin, KafkaClient, KafkaMessage } from '../stream/kafka/client.ts';
import { missingRight } from '../stream/kafka/forbidden.ts';
import type { LaneStatus } from '../stream/kafka/lanes.ts';
import type { Membership } from '../stream/kafka/membership.ts';
import type { PartitionFeed } from '../stream/kafka/partition-feed.ts';
import { Signal } from '../stream/kafka/signal.ts';
import { type OutgoingMessage, TransactionLine } from '../stream/kafka/transaction.ts';
import { TOPICS } from '../stream/topics.ts';
import type { Deliver } from './delivery.ts';
import { deliveryMessage } from './delivery-message.ts';
import { type Held, Ledger, type Policy } from './ledger.ts';
import { commitPosition, NOTIFY_GROUPS, readStart } from './position.ts';
import { undeliveredMessage } from './undelivered.ts';

export type LaneOutcome = 'delivered' | 'undelivered' | 'held' | 'not_routed' | 'unreadable';

export interface NotifyLaneDeps {
  kafka: KafkaClient;
  admin: Admin;
  membership: Membership;
  codecs: Codecs;
  log: Logger;
  topic: string;
  partition: number;
  policy: Policy;
  deliver: Deliver;
  /** Milliseconds: how far back a target begins that has no offset yet. */
  giveUpAfter: number;
  now(): number;
  monotonicNow(): number;
  count(outcome: LaneOutcome, seconds: number | null): void;
  /** The process must end: others have its work. */
  onFatal(error: Error): void;
}

export interface NotifyLaneStatus extends LaneStatus {
  target: string;
  running: boolean;
  /** Open alerts that the target was told of, and alerts whose latest revision waits for the end of quiet hours or of a silence. */
  known: number;
  held: number;
}

const FIRST_BACKOFF = 200;
const LAST_BACKOFF = 10_000;
const IDLE = 500;
/** Kafka forgets the offsets of a group without members after seven days: an idle lane says again where it is. */
const OFFSET_KEEP_ALIVE = 6 * 60 * 60_000;

/**
 * One partition of the alert topic to one target, one message after the other: order is kept for each alert, since an alert has one partition. Each target
 * has a committed offset of its own, moved when a message is settled there: delivered, held back, not routed, or given up; that it was delivered, or was not, is
 * written in the same transaction. A crash before that delivers again, with the same idempotency key.
 *
 *   fencing ---> restoring ---> running        any error: the outcome of a commit may be unknown, so the truth is read again
 *      ^                           |
 *      +-- confirmed as a member --+           any state --close()--> closed. A zombie is refused by Kafka and ends its process.
 */
export class NotifyLane {
  readonly #deps: NotifyLaneDeps;
  readonly #feed: PartitionFeed;
  readonly #loop: Promise<void>;
  readonly #closed = new AbortController();
  readonly #signal = new Signal();
  #ledger: Ledger;
  /** -1 until it is read. */
  #position = -1n;
  /** On the monotonic clock. */
  #committedAt = 0;
  #isRunning = false;

  constructor(deps: NotifyLaneDeps) {
    this.#deps = deps;
    this.#ledger = new Ledger(deps.policy);
    this.#feed = deps.membership.feed(deps.topic, deps.partition, () => this.#signal.wake());
    this.#loop = this.#run();
  }

  /** Leaves a message that is being delivered where it is. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the lane is closed'));
    this.#signal.wake();
    await this.#loop;
  }

  status(): NotifyLaneStatus {
    const { topic, partition, policy } = this.#deps;
    return {
      target: policy.target,
      topic,
      partition,
      offset: this.#position.toString(),
      running: this.#isRunning,
      ...this.#ledger.counts(),
    };
  }

  async #run(): Promise<void> {
    const { kafka, topic, partition, policy, log, membership } = this.#deps;
    let backoff = FIRST_BACKOFF;
    while (!this.#isClosing()) {
      let line: TransactionLine | null = null;
      const ousting = membership.watchOusting();
      try {
        line = await TransactionLine.open(kafka, `${NOTIFY_GROUPS}${policy.target}.${topic}.${partition}`, log);
        await this.#restore();
        this.#isRunning = true;
        backoff = FIRST_BACKOFF;
        while (!this.#isClosing()) await this.#step(line);
        await line.closed();
      } catch (error) {
        line?.close();
        const forbidden = missingRight(error);
        if (forbidden !== null) return this.#deps.onFatal(forbidden);
        this.#feed.close();
        this.#isRunning = false;
        if (!this.#isClosing())
          log.warn({ err: error, target: policy.target, topic, partition }, 'notify reads its committed offset again');
        while (!this.#isClosing()) {
          await this.#signal.wait(backoff);
          if (await membership.isConfirmed()) break;
        }
        const ousted = ousting(error);
        if (ousted !== null) return this.#deps.onFatal(ousted);
        backoff = Math.min(backoff * 2, LAST_BACKOFF);
      }
    }
    this.#isRunning = false;
    membership.drop(this.#feed);
  }

  #isClosing(): boolean {
    return this.#closed.signal.aborted;
  }

  /** The ledger as it was at the committed offset: made again from the messages since its checkpoint, of which nothing is sent. */
  async #restore(): Promise<void> {
    const { admin, topic, partition, policy, giveUpAfter, now } = this.#deps;
    const start = await readStart(admin, { target: policy.target, topic, partition, earliest: now() - giveUpAfter });
    this.#ledger = new Ledger(policy);
    this.#position = start.position;
    this.#feed.open(start.checkpoint.from);
    for (let next = start.checkpoint.from; next < start.position && !this.#isClosing(); ) {
      const batch = await this.#batch();
      if (batch === undefined) continue;
      for (const message of batch.messages) {
        const offset = BigInt(message.offset);
        if (offset >= start.position) break;
        const event = this.#read(message);
        if (event !== null) this.#ledger.replay(event, offset, start.checkpoint);
      }
      if (batch.until > start.position) return; // The rest of this batch is new.
      this.#feed.take();
      next = batch.until;
    }
  }

  async #step(line: TransactionLine): Promise<void> {
    const { now, monotonicNow } = this.#deps;
    for (const held of this.#ledger.due(now())) {
      if (this.#isClosing()) return;
      await this.#send(line, held, now(), this.#position);
    }
    const batch = await this.#batch();
    if (batch === undefined) {
      if (monotonicNow() - this.#committedAt > OFFSET_KEEP_ALIVE) await this.#commit(line, this.#position);
      return;
    }
    for (const message of batch.messages) {
      if (this.#isClosing()) return;
      if (BigInt(message.offset) >= this.#position) await this.#handle(line, message);
    }
    if (batch.until > this.#position) await this.#commit(line, batch.until);
    this.#feed.take();
  }

  async #batch() {
    if (this.#feed.isLost()) throw new Error('not delivered from where it was asked for');
    const batch = this.#feed.peek();
    if (batch === undefined) await this.#signal.wait(IDLE);
    else await this.#deps.codecs.prepare(batch.messages);
    return batch;
  }

  async #handle(line: TransactionLine, message: KafkaMessage): Promise<void> {
    const { now, count } = this.#deps;
    const offset = BigInt(message.offset);
    const event = this.#read(message);
    if (event === null) return count('unreadable', null);
    const decision = this.#ledger.decide(event, now());
    if (decision === 'send') return await this.#send(line, { event, offset }, Number(message.timestamp), offset + 1n);
    if (decision === 'hold') this.#ledger.hold(event, offset);
    count(decision === 'hold' ? 'held' : 'not_routed', null);
  }

  /** `since`: when it was due. */
  async #send(line: TransactionLine, { event, offset }: Held, since: number, position: bigint): Promise<void> {
    const { deliver, now, count, codecs, policy, partition } = this.#deps;
    const told = this.#ledger.told(event.alert.alert_id);
    const settled = await deliver({ event, messageId: messageId(event.alert), told }, since, this.#closed.signal);
    this.#ledger.settle(event, offset, settled.delivered);
    const { target } = policy;
    if (settled.delivered) {
      const { status: http_status, attempts } = settled;
      const how = { target, partition, offset: Number(offset), http_status, attempts, delivered_at: now() };
      await this.#commit(line, position, [TOPICS.deliveries, deliveryMessage(codecs, event, how)]);
    } else {
      const { reason, attempts } = settled;
      const place = { target, reason, attempts, partition, offset: offset.toString() };
      await this.#commit(line, position, [TOPICS.undelivered, undeliveredMessage(alertMessage(codecs, event), place)]);
    }
    count(settled.delivered ? 'delivered' : 'undelivered', (now() - since) / 1_000);
  }

  #read(message: KafkaMessage): AlertEvent | null {
    const { codecs, log, topic, partition, policy } = this.#deps;
    const decoded = readAlertMessage(codecs, message);
    if (decoded.ok) return decoded.value;
    log.error(
      { target: policy.target, topic, partition, offset: message.offset, reason: decoded.reason },
      'a message on the alert topic cannot be read; it is skipped',
    );
    return null;
  }

  /** `settled`: what became of a message, for the topic that says so. */
  async #commit(
    line: TransactionLine,
    position: bigint,
    settled: [topic: string, message: OutgoingMessage] | null = null,
  ): Promise<void> {
    const { topic, partition, policy, monotonicNow } = this.#deps;
    const outgoing = new Map(settled === null ? [] : [[settled[0], new Map([[0, [settled[1]]]])]]);
    await commitPosition(line, { target: policy.target, topic, partition, position }, this.#ledger, outgoing);
    this.#position = position;
    this.#committedAt = monotonicNow();
  }
}
