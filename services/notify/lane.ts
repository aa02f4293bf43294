import type { Logger } from 'pino';
import { messageId, readAlertMessage } from '../clusters/alert-message.ts';
import type { AlertEvent } from '../records/alert.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { Admin, KafkaClient } from '../stream/kafka/client.ts';
import type { Membership } from '../stream/kafka/membership.ts';
import type { PartitionFeed } from '../stream/kafka/partition-feed.ts';
import { Signal } from '../stream/kafka/signal.ts';
import { TransactionLine } from '../stream/kafka/transaction.ts';

export interface NotifyLaneDeps {
  kafka: KafkaClient;
  admin: Admin;
  membership: Membership;
  codecs: Codecs;
  log: Logger;
  topic: string;
  partition: number;
  /** Resolves when the message is delivered, or refused for good. */
  deliver(event: AlertEvent, messageId: string): Promise<void>;
  unreadable(): void;
  /** The process must end: others have its work. */
  onFatal(error: Error): void;
}

export const NOTIFY_OFFSETS = 'stillwatch.notify.offsets';
const FIRST_BACKOFF = 200;
const LAST_BACKOFF = 10_000;
const IDLE = 500;

/**
 * One partition of the alert topic to people's tools, one message after the other: order is kept for each alert, since an alert has one partition. The offset
 * is committed after delivery: a crash between the two delivers again, with the same idempotency key.
 */
export class NotifyLane {
  readonly #deps: NotifyLaneDeps;
  readonly #feed: PartitionFeed;
  readonly #loop: Promise<void>;
  #closing = false;
  #position = 0n;
  #isRunning = false;
  readonly #signal = new Signal();

  constructor(deps: NotifyLaneDeps) {
    this.#deps = deps;
    this.#feed = deps.membership.feed(deps.topic, deps.partition, () => this.#signal.wake());
    this.#loop = this.#run();
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#signal.wake();
    await this.#loop;
  }

  status(): { topic: string; partition: number; offset: string; running: boolean } {
    return {
      topic: this.#deps.topic,
      partition: this.#deps.partition,
      offset: this.#position.toString(),
      running: this.#isRunning,
    };
  }

  async #run(): Promise<void> {
    const { kafka, topic, partition, log, membership } = this.#deps;
    let backoff = FIRST_BACKOFF;
    while (!this.#closing) {
      let line: TransactionLine | null = null;
      const ousting = membership.watchOusting();
      try {
        line = await TransactionLine.open(kafka, `stillwatch.notify.${topic}.${partition}`, log);
        this.#position = await this.#committed();
        this.#feed.open(this.#position);
        this.#isRunning = true;
        backoff = FIRST_BACKOFF;
        await this.#work(line);
        await line.closed();
      } catch (error) {
        line?.close();
        this.#feed.close();
        this.#isRunning = false;
        if (!this.#closing) log.warn({ err: error, topic, partition }, 'notify reads its committed offset again');
        while (!this.#closing) {
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

  async #committed(): Promise<bigint> {
    const { admin, topic, partition } = this.#deps;
    const [answer] = await admin.fetchOffsets({ groupId: NOTIFY_OFFSETS, topics: [topic] });
    const offset = answer?.partitions.find((entry) => entry.partition === partition)?.offset ?? '-1';
    if (Number(offset) >= 0) return BigInt(offset);
    const offsets = await admin.fetchTopicOffsets(topic);
    return BigInt(offsets.find((entry) => entry.partition === partition)?.low ?? '0');
  }

  async #work(line: TransactionLine): Promise<void> {
    const { codecs, topic, partition, deliver, log, unreadable } = this.#deps;
    while (!this.#closing) {
      if (this.#feed.isLost()) throw new Error('not delivered from where it was asked for');
      const batch = this.#feed.peek();
      if (batch === undefined) {
        await this.#signal.wait(IDLE);
        continue;
      }
      await codecs.prepare(batch.messages);
      for (const message of batch.messages) {
        if (this.#closing) return;
        if (BigInt(message.offset) < this.#position) continue;
        const decoded = readAlertMessage(codecs, message);
        if (decoded.ok) await deliver(decoded.value, messageId(decoded.value.alert));
        else {
          unreadable();
          log.error(
            { topic, partition, offset: message.offset, reason: decoded.reason },
            'a message on the alert topic cannot be read; it is skipped',
          );
        }
        this.#position = BigInt(message.offset) + 1n;
        await this.#commit(line);
      }
      this.#position = batch.until;
      this.#feed.take();
    }
  }

  async #commit(line: TransactionLine): Promise<void> {
    const { topic, partition } = this.#deps;
    await line.commitOffsets(NOTIFY_OFFSETS, [{ topic, partition, offset: this.#position.toString(), metadata: null }]);
  }
}
