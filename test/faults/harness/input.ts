import { join } from 'node:path';
import { partitionOf } from '../../../services/clusters/partition.ts';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import { readAccountFile, readCalls } from '../../../services/records/json-lines.ts';
import { MINUTE } from '../../../services/records/window.ts';
import { lastClose } from '../../../services/stream/idle.ts';
import { TOPICS } from '../../../services/stream/topics.ts';
import { stillwatch } from '../../support/pipeline.ts';
import { closingCall } from '../../support/records.ts';

export interface InputMessage {
  topic: string;
  partition: number;
  key: string | null;
  value: Buffer | null;
  timestamp: string;
  /** Event time of a call that can be read. */
  occurredAt?: number;
}

/** How late a call may be, as the services have it by default. */
export const GRACE = MINUTE;

/** What every run of the suite is given: the same bytes in the same partitions at the same offsets, so that the outputs can be compared byte for byte. */
export interface Input {
  partitions: number;
  accounts: readonly InputMessage[];
  /** In the order in which they are sent: some twice, some late, some impossible, some not Avro at all. */
  calls: readonly InputMessage[];
  /** A call of the day after in each partition: it closes every window, without the wall clock having a say. */
  closing: readonly InputMessage[];
  /** Event time at which everything is out. */
  end: number;
}

export interface InputOptions {
  folder: string;
  partitions: number;
  seed: number;
  /** 1: about 6,000 calls. */
  scale: number;
}

const DISTURBED = '0.03';
/** One in so many messages is no Avro, one a tombstone, one of a schema that nobody knows. */
const EACH_BAD = 250;

/** Kafka's time stamp of every message is the time of this call: older ones would be deleted by the topics' retention while the suite runs. */
export async function makeInput({ folder, partitions, seed, scale }: InputOptions): Promise<Input> {
  const timestamp = String(Date.now());
  const out = join(folder, 'traffic');
  await stillwatch([
    ...['simulate', '--scenario', 'small', '--seed', String(seed), '--scale', String(scale)],
    ...['--disturbed', DISTURBED, '--out', out, '--quiet'],
  ]);
  const codecs = createCodecs(null);
  const bad = (error: unknown): never => {
    throw new Error(`simulated traffic cannot be read: ${JSON.stringify(error)}`);
  };
  const accounts: InputMessage[] = [];
  for await (const { value } of readAccountFile(join(out, 'accounts.jsonl'), bad))
    accounts.push({
      topic: TOPICS.accounts,
      partition: partitionOf(value.account_id, partitions),
      key: value.account_id,
      value: codecs.of('account').encode(value),
      timestamp,
    });
  const calls: InputMessage[] = [];
  let latest = 0;
  for await (const { value } of readCalls([join(out, 'calls.jsonl')], bad)) {
    latest = Math.max(latest, value.occurred_at);
    const sent = { topic: TOPICS.calls, timestamp, key: value.account_id };
    const partition = partitionOf(value.account_id, partitions);
    const bytes = codecs.of('api-call').encode(value);
    calls.push({ ...sent, partition, value: bytes, occurredAt: value.occurred_at });
    if (calls.length % EACH_BAD === 0) calls.push({ ...sent, partition, value: unreadable(bytes, calls.length) });
  }
  const end = lastClose(latest);
  const closing = Array.from({ length: partitions }, (_, partition): InputMessage => {
    const last = closingCall(partition, end + GRACE + MINUTE);
    return {
      topic: TOPICS.calls,
      partition,
      key: last.account_id,
      value: codecs.of('api-call').encode(last),
      timestamp,
    };
  });
  return { partitions, accounts, calls, closing, end };
}

function unreadable(good: Buffer, place: number): Buffer | null {
  if (place % 3 === 0) return null;
  if (place % 3 === 1) return Buffer.from('{"event_id":"json"}');
  const unknownSchema = Buffer.from(good);
  unknownSchema.writeUInt32BE(4_711, 1);
  return unknownSchema;
}
