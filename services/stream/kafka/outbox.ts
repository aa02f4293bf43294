import type { Outgoing, OutgoingMessage } from './transaction.ts';

/** Messages waiting for the next transaction, by topic and partition, in order. Silent while history is replayed. */
export class Outbox {
  #messages = new Map<string, Map<number, OutgoingMessage[]>>();
  #bytes = 0;
  muted = false;

  add(topic: string, partition: number, message: OutgoingMessage): void {
    if (this.muted) return;
    let partitions = this.#messages.get(topic);
    if (partitions === undefined) {
      partitions = new Map();
      this.#messages.set(topic, partitions);
    }
    const messages = partitions.get(partition);
    if (messages === undefined) partitions.set(partition, [message]);
    else messages.push(message);
    this.#bytes += (message.value?.length ?? 0) + (message.key?.length ?? 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Empties the box. */
  take(): Outgoing {
    const messages = this.#messages;
    this.#messages = new Map();
    this.#bytes = 0;
    return messages;
  }
}
