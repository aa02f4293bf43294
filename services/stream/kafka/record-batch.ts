import type { WrittenRecord } from './record-format.ts';

/** A 64-bit number as kafkajs has it: its own object, which prints itself, a number, or text. */
type Long = number | string | { toString(): string };

export interface BatchToWrite {
  compression?: number;
  firstOffset?: Long;
  /** Milliseconds. */
  firstTimestamp?: Long;
  maxTimestamp?: Long;
  partitionLeaderEpoch?: number;
  lastOffsetDelta?: number;
  transactional?: boolean;
  producerId?: Long;
  producerEpoch?: number;
  firstSequence?: number;
  records?: readonly WrittenRecord[];
}

/** As much of kafkajs' encoder as a request asks of its batches. */
export interface WrittenBatch extends WrittenRecord {
  size(): number;
}

export interface BatchWriterDeps {
  /** kafkajs' own, for batches that are compressed: ours never are. */
  own(batch: BatchToWrite): Promise<WrittenBatch>;
  crc32c(bytes: Buffer): number;
}

const MAGIC = 2;
const TRANSACTIONAL = 0x10;
/** Bytes before the length, before what the checksum covers, and before the first record. */
const LENGTH_FROM = 8;
const EPOCH_FROM = 12;
const CHECKED_FROM = 21;
const RECORDS_FROM = 61;

/**
 * Kafka's batch of records (https://kafka.apache.org/documentation/#recordbatch) in a buffer of its size. kafkajs' own, in its place of which this is called, lets
 * three buffers grow one after the other, zeroing each and copying everything from one to the next.
 */
export function createBatchWriter({ own, crc32c }: BatchWriterDeps): (batch: BatchToWrite) => Promise<WrittenBatch> {
  return async (batch) => {
    const { compression = 0, records = [], transactional = false } = batch;
    if (compression !== 0) return await own(batch);
    const { firstTimestamp = Date.now(), maxTimestamp = Date.now() } = batch;
    const size = records.reduce((sum, { buffer }) => sum + buffer.length, RECORDS_FROM);
    const bytes = Buffer.allocUnsafe(size);
    writeLong(bytes, batch.firstOffset ?? 0, 0);
    bytes.writeInt32BE(size - EPOCH_FROM, LENGTH_FROM);
    bytes.writeInt32BE(batch.partitionLeaderEpoch ?? 0, EPOCH_FROM);
    bytes.writeInt8(MAGIC, 16);
    bytes.writeInt16BE(transactional ? TRANSACTIONAL : 0, CHECKED_FROM);
    bytes.writeInt32BE(batch.lastOffsetDelta ?? 0, 23);
    writeLong(bytes, firstTimestamp, 27);
    writeLong(bytes, maxTimestamp, 35);
    writeLong(bytes, batch.producerId ?? -1, 43);
    bytes.writeInt16BE(batch.producerEpoch ?? 0, 51);
    bytes.writeInt32BE(batch.firstSequence ?? 0, 53);
    bytes.writeInt32BE(records.length, 57);
    let at = RECORDS_FROM;
    for (const { buffer } of records) {
      bytes.set(buffer, at);
      at += buffer.length;
    }
    bytes.writeUInt32BE(crc32c(bytes.subarray(CHECKED_FROM)), 17);
    return { buf: bytes, buffer: bytes, size: () => size };
  };
}

function writeLong(bytes: Buffer, value: Long, at: number): void {
  bytes.writeBigInt64BE(BigInt(String(value)), at);
}
