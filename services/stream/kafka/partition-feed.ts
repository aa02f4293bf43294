import type { KafkaMessage } from './client.ts';

/** One fetch of one topic partition. `messages` may be empty: then it only moves the position past control records. */
export interface FetchedBatch {
  from: bigint;
  /** Offset after the last record, control records included. */
  until: bigint;
  highWatermark: bigint;
  messages: KafkaMessage[];
}

/** What a feed asks of the consumer that fills it. */
export interface FetchControl {
  /** Fetch from this offset on, whatever was fetched before. */
  seek(offset: bigint): void;
  pause(): void;
  resume(): void;
}

/** Batches waiting to be processed before fetching pauses: a slow step slows its source instead of filling memory. */
const MOST_WAITING = 3;
/** A feed whose fetches never fit was moved by somebody else (kafkajs resets a position that retention has deleted): its task must look at the truth. */
const REFUSED_TOO_OFTEN = 20;

/**
 * The batches of one topic partition between the consumer, which fills it, and the task, which empties it.
 *
 *   closed --open(offset)--> fetching <--take()/offer()--> full
 *     ^-----------close()-------/--------------------------/
 *
 * Only a batch that continues exactly where the last one ended is taken: a fetch that was under way during a seek, or that follows a reset made by
 * kafkajs on its own, is refused, and the fetch position is set again.
 */
export class PartitionFeed {
  readonly topic: string;
  readonly partition: number;
  readonly #control: FetchControl;
  readonly #arrived: () => void;
  readonly #queue: FetchedBatch[] = [];
  #next: bigint | null = null;
  #highWatermark = -1n;
  #refused = 0;

  constructor(topic: string, partition: number, control: FetchControl, arrived: () => void) {
    this.topic = topic;
    this.partition = partition;
    this.#control = control;
    this.#arrived = arrived;
  }

  open(offset: bigint): void {
    this.#queue.length = 0;
    this.#refused = 0;
    this.#next = offset;
    this.rearm();
  }

  close(): void {
    this.#queue.length = 0;
    this.#next = null;
    this.#control.pause();
  }

  /** Sets the consumer's position anew: after a join it starts from nowhere. */
  rearm(): void {
    if (this.#next === null) {
      this.#control.pause();
      return;
    }
    this.#control.seek(this.#next);
    if (this.#queue.length < MOST_WAITING) this.#control.resume();
    else this.#control.pause();
  }

  /** True when the batch was taken. */
  offer(batch: FetchedBatch): boolean {
    if (this.#next === null) return false;
    if (batch.from !== this.#next) {
      this.#refused++;
      this.#control.seek(this.#next);
      if (this.isLost()) this.#arrived();
      return false;
    }
    this.#refused = 0;
    this.#next = batch.until;
    this.#highWatermark = batch.highWatermark;
    this.#queue.push(batch);
    if (this.#queue.length >= MOST_WAITING) this.#control.pause();
    this.#arrived();
    return true;
  }

  peek(): FetchedBatch | undefined {
    return this.#queue[0];
  }

  take(): void {
    this.#queue.shift();
    if (this.#next !== null && this.#queue.length === MOST_WAITING - 1) this.#control.resume();
  }

  isLost(): boolean {
    return this.#refused > REFUSED_TOO_OFTEN;
  }

  /** End of the partition as of the last fetch, -1 before the first. */
  highWatermark(): bigint {
    return this.#highWatermark;
  }
}
