/** A message that could not be processed, with what is needed to look at it and to bring it back. Topic `stillwatch.dead-letters`. */
export interface DeadLetter {
  /** Machine-readable, e.g. not_avro, unknown_schema, tombstone, timestamp_out_of_range. */
  reason: string;
  /** What is wrong and what to do; never contains the message's content. */
  detail: string;
  topic: string;
  partition: number;
  /** Decimal text: Kafka offsets are 64 bits. */
  offset: string;
  key: Uint8Array | null;
  /** The original bytes; null for a tombstone. */
  value: Uint8Array | null;
  /** Kafka's time stamp of the original, milliseconds. */
  timestamp: number;
}

/** A dead letter whose message was sent to its topic again: written with it in one transaction. Topic `stillwatch.requeued`. */
export interface RequeuedLetter {
  /** Of the original; the repetition goes to the same topic and partition. */
  topic: string;
  partition: number;
  offset: string;
  /** Kafka's time stamp of the original, milliseconds. */
  timestamp: number;
  reason: string;
  /** Wall time, milliseconds. */
  requeued_at: number;
}

/** A valid call that came after its windows were final. Carries no prompt text. Topic `stillwatch.late-calls`. */
export interface LateCall {
  event_id: string;
  account_id: string;
  occurred_at: number;
  /** The watermark that had passed it. */
  watermark: number;
  topic: string;
  partition: number;
  offset: string;
}
