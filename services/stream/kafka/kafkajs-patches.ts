import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Three corrections to kafkajs 2.2.4 (its last release), made at run time before it is loaded, so that an install needs no patch tool.
 * Each replaces behaviour by name and fails loudly where the name is gone.
 *
 * 1. An idle client runs a 1 ms timer for ever (tulios/kafkajs#1751): 3 % of a core each.
 * 2. Grouping messages by partition before a send is quadratic in their number.
 * 3. A fetch that holds only control records or aborted messages never reaches `eachBatch`, so a consumer that keeps its own positions cannot
 *    know how far it has read. Here such a fetch is delivered as a batch without messages. Consumers must therefore use `eachBatch`: kafkajs' `eachMessage`
 *    would never get past such a batch.
 */
export function patchKafkajs(): void {
  const require = createRequire(import.meta.url);
  const root = dirname(require.resolve('kafkajs/package.json'));
  stopIdleTimer(require(join(root, 'src/network/requestQueue')));
  groupInOnePass(require, join(root, 'src/producer/groupMessagesPerPartition.js'));
  deliverEmptyBatches(require(join(root, 'src/consumer/batch')));
}

interface RequestQueueClass {
  prototype: { pending: unknown[]; throttledUntil: number; scheduleCheckPendingRequests(): void };
}

function stopIdleTimer(requestQueue: RequestQueueClass): void {
  const original = requestQueue.prototype.scheduleCheckPendingRequests;
  if (typeof original !== 'function')
    throw new Error('kafkajs has no RequestQueue.scheduleCheckPendingRequests: install kafkajs 2.2.4');
  requestQueue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
    if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
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
  const loaded = require.cache[file];
  const exports = <Message>({ topic, partitionMetadata, messages, partitioner }: Grouping<Message>) => {
    const groups: Record<number, Message[]> = {};
    if (partitionMetadata.length === 0) return groups;
    for (const message of messages) {
      const partition = partitioner({ topic, partitionMetadata, message });
      const group = groups[partition];
      if (group === undefined) groups[partition] = [message];
      else group.push(message);
    }
    return groups;
  };
  require(file);
  const module = loaded ?? require.cache[file];
  if (module === undefined) throw new Error('kafkajs has no groupMessagesPerPartition: install kafkajs 2.2.4');
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
