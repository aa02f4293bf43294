import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { keepRefusals, nameMissingRights } from './forbidden.ts';
import { type BatchWriterDeps, createBatchWriter } from './record-batch.ts';
import { readRecord, writeRecord } from './record-format.ts';
import { joinAsBefore } from './rejoin.ts';
import { createSendMessages, type KafkajsParts, type SendDeps } from './send-messages.ts';

/**
 * Nine corrections to kafkajs 2.2.4 (its last release), made at run time before it is loaded, so that an install needs no patch tool.
 * Each replaces behaviour by name and fails loudly where the name is gone.
 *
 * 1. An idle client runs a 1 ms timer for ever (tulios/kafkajs#1751): 3 % of a core each.
 * 2. Grouping messages by partition before a send is quadratic in their number.
 * 3. A fetch that holds only control records or aborted messages never reaches `eachBatch`, so a consumer that keeps its own positions cannot
 *    know how far it has read. Here such a fetch is delivered as a batch without messages. Consumers must therefore use `eachBatch`: kafkajs' `eachMessage`
 *    would never get past such a batch.
 * 4. Messages of an aborted transaction are handed out when another producer's transaction that began later was aborted before it: the broker lists aborted
 *    transactions by their end, kafkajs takes the list for one by their beginning. Java's client sorts it (CompletedFetch), and so do we.
 * 5. That a right is missing is said without which one (forbidden.ts).
 * 6. A record costs several microseconds to write and to read, a batch is copied three times, and what grows is zeroed first (record-format.ts, record-batch.ts).
 * 7. It measures time by the time of day: after a clock was set back by an hour it sends no heartbeat for an hour, and after one was set ahead every request has
 *    taken too long.
 * 8. Where one broker took its part of a send and another did not, partitions that change their leader are sent their messages twice, and a transaction commits both
 *    (send-messages.ts): seen when three brokers were restarted one after the other.
 * 9. A consumer that was given up is replaced by one that its group does not know, and waits for itself (rejoin.ts).
 */
export function patchKafkajs(): void {
  const require = createRequire(import.meta.url);
  const root = dirname(require.resolve('kafkajs/package.json'));
  // Once a process, however many clients it has.
  if (require.cache[recordWriter(root)]?.exports === writeRecord) return;
  writeInOnePass(require, root);
  filterEveryAborted(require, join(root, 'src/consumer/filterAbortedMessages.js'));
  measureMonotonically(require, root);
  stopIdleTimer(require(join(root, 'src/network/requestQueue')));
  groupInOnePass(require, join(root, 'src/producer/groupMessagesPerPartition.js'));
  sendOnce(require, root);
  deliverEmptyBatches(require(join(root, 'src/consumer/batch')));
  joinAsBefore(require(join(root, 'src/consumer/consumerGroup')));
  nameMissingRights(require(join(root, 'src/broker')));
  keepRefusals(require(join(root, 'src/cluster/brokerPool')));
}

function recordWriter(root: string): string {
  return join(root, 'src/protocol/recordBatch/record/v0/index.js');
}

function writeInOnePass(require: NodeJS.Require, root: string): void {
  const batches = join(root, 'src/protocol/recordBatch');
  replaceModule(require, recordWriter(root), writeRecord);
  replaceModule(require, join(batches, 'record/v0/decoder.js'), readRecord);
  const own: { RecordBatch: BatchWriterDeps['own'] } = require(join(batches, 'v0'));
  const crc32c: BatchWriterDeps['crc32c'] = require(join(batches, 'crc32C'));
  const RecordBatch = createBatchWriter({ own: own.RecordBatch, crc32c });
  replaceModule(require, join(batches, 'v0/index.js'), { ...own, RecordBatch });
  growUnzeroed(require(join(root, 'src/protocol/encoder')));
}

interface EncoderClass {
  nextPowerOfTwo(value: number): number;
  prototype: { buf: Buffer; offset: number; ensureAvailable(length: number): void };
}

/** Nobody sees what lies behind the offset. */
function growUnzeroed(encoder: EncoderClass): void {
  if (typeof encoder.prototype.ensureAvailable !== 'function')
    throw new Error('kafkajs has no Encoder.ensureAvailable: install kafkajs 2.2.4');
  encoder.prototype.ensureAvailable = function ensureAvailable(length) {
    const wanted = this.offset + length;
    if (wanted <= this.buf.length) return;
    const larger = Buffer.allocUnsafe(encoder.nextPowerOfTwo(wanted));
    this.buf.copy(larger, 0, 0, this.offset);
    this.buf = larger;
  };
}

/** Heartbeats, the timeouts of requests, throttling, and the age of what is known of the cluster; whoever uses another must come after it. */
const MEASURING = [
  'network/requestQueue/socketRequest.js',
  'network/requestQueue/index.js',
  'consumer/consumerGroup.js',
  'cluster/brokerPool.js',
] as const;

/** The same modules with a clock of their own: they ask it for nothing but intervals. */
function measureMonotonically(require: NodeJS.Require, root: string): void {
  const clock = { now: () => Math.floor(performance.now()) };
  for (const name of MEASURING) {
    const file = join(root, 'src', name);
    const text = readFileSync(file, 'utf8');
    if (!text.includes('Date.now()')) throw new Error(`kafkajs measures nothing in ${file}: install kafkajs 2.2.4`);
    const module = { exports: {} };
    compileFunction(text, ['module', 'require', 'Date'], { filename: file })(module, createRequire(file), clock);
    replaceModule(require, file, module.exports);
  }
}

interface RequestQueueClass {
  prototype: { pending: unknown[]; throttledUntil: number; scheduleCheckPendingRequests(): void };
}

function stopIdleTimer(requestQueue: RequestQueueClass): void {
  const original = requestQueue.prototype.scheduleCheckPendingRequests;
  if (typeof original !== 'function')
    throw new Error('kafkajs has no RequestQueue.scheduleCheckPendingRequests: install kafkajs 2.2.4');
  requestQueue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
    if (this.pending.length === 0 && this.throttledUntil <= performance.now()) return;
    original.call(this);
  };
}

interface Grouping<Message> {
  topic: string;
  partitionMetadata: unknown[];
  messages: Message[];
  partitioner(args: { topic: string; partitionMetadata: unknown[]; message: Message }): number;
}

function groupInOnePass(require: NodeJS.Require, file: string): void {
  replaceModule(require, file, <Message>({ topic, partitionMetadata, messages, partitioner }: Grouping<Message>) => {
    const groups: Record<number, Message[]> = {};
    if (partitionMetadata.length === 0) return groups;
    for (const message of messages) {
      const partition = partitioner({ topic, partitionMetadata, message });
      const group = groups[partition];
      if (group === undefined) groups[partition] = [message];
      else group.push(message);
    }
    return groups;
  });
}

/** After what it groups by, before whoever sends. */
function sendOnce(require: NodeJS.Require, root: string): void {
  const { KafkaJSMetadataNotLoaded }: { KafkaJSMetadataNotLoaded: new (what: string) => Error } = require(
    join(root, 'src/errors'),
  );
  const { staleMetadata }: Pick<KafkajsParts, 'staleMetadata'> = require(join(root, 'src/protocol/error'));
  const group: KafkajsParts['group'] = require(join(root, 'src/producer/groupMessagesPerPartition.js'));
  const parts = { metadataNotLoaded: (what: string) => new KafkaJSMetadataNotLoaded(what), staleMetadata, group };
  replaceModule(require, join(root, 'src/producer/sendMessages.js'), (deps: SendDeps) =>
    createSendMessages(deps, parts),
  );
}

interface FetchedMessage {
  offset: string;
  key: Buffer | null;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
}

interface Fetched<Message> {
  messages: Message[];
  abortedTransactions?: { firstOffset: string; producerId: string }[] | null;
}

function filterEveryAborted(require: NodeJS.Require, file: string): void {
  replaceModule(require, file, withoutAborted);
}

/** What a fetch holds without the messages of aborted transactions; the markers that end those are left in, for whoever counts offsets. */
export function withoutAborted<Message extends FetchedMessage>({
  messages,
  abortedTransactions,
}: Fetched<Message>): Message[] {
  const begins = (abortedTransactions ?? [])
    .map(({ firstOffset, producerId }) => ({ at: BigInt(firstOffset), producerId }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  if (begins.length === 0) return messages;
  const aborting = new Set<string>();
  let next = 0;
  return messages.filter(({ offset, key, isControlRecord, batchContext: { producerId, inTransaction } }) => {
    for (let begin = begins[next]; begin !== undefined && begin.at <= BigInt(offset); begin = begins[++next])
      aborting.add(begin.producerId);
    if (isControlRecord) {
      if (key?.equals(ABORT_MARKER) === true) aborting.delete(producerId);
      return true;
    }
    return !(inTransaction && aborting.has(producerId));
  });
}

/** Version 0, type 0; a commit is type 1. */
const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);

/** Must come before whoever uses the module is loaded. */
function replaceModule(require: NodeJS.Require, file: string, exports: unknown): void {
  require(file);
  const module = require.cache[file];
  if (module === undefined) throw new Error(`kafkajs has no ${file}: install kafkajs 2.2.4`);
  module.exports = exports;
}

interface BatchClass {
  prototype: { rawMessages: unknown[]; isEmpty(): boolean; isEmptyDueToFiltering(): boolean };
}

function deliverEmptyBatches(batch: BatchClass): void {
  if (typeof batch.prototype.isEmptyDueToFiltering !== 'function')
    throw new Error('kafkajs has no Batch.isEmptyDueToFiltering: install kafkajs 2.2.4');
  batch.prototype.isEmptyDueToFiltering = () => false;
  batch.prototype.isEmpty = function isEmpty() {
    return this.rawMessages.length === 0;
  };
}
