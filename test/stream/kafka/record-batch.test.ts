import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BatchWriterDeps, createBatchWriter } from '../../../services/stream/kafka/record-batch.ts';
import { writeRecord } from '../../../services/stream/kafka/record-format.ts';

/** kafkajs' own, which nothing in this process has replaced. */
const require = createRequire(import.meta.url);
const { RecordBatch: own }: { RecordBatch: BatchWriterDeps['own'] } = require('kafkajs/src/protocol/recordBatch/v0');
const crc32c: BatchWriterDeps['crc32c'] = require('kafkajs/src/protocol/recordBatch/crc32C');
const long: { fromValue(value: number): object } = require('kafkajs/src/utils/long');
const write = createBatchWriter({ own, crc32c });

const batch = fc.record({
  firstTimestamp: fc.nat().map(String),
  maxTimestamp: fc.nat(),
  transactional: fc.boolean(),
  producerId: fc.nat().map((id) => long.fromValue(id)),
  producerEpoch: fc.nat({ max: 0x7fff }),
  firstSequence: fc.nat(),
  lastOffsetDelta: fc.nat(),
  records: fc.array(
    fc.string().map((value) => writeRecord({ key: 'key', value })),
    { maxLength: 20 },
  ),
});

test('a batch is written as kafkajs writes it, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async (one) => {
      const [expected, written] = [await own(one), await write(one)];
      assert.deepEqual(written.buffer, expected.buffer);
      assert.equal(written.size(), expected.size());
    }),
  );
});

test('a batch that says nothing of its producer has none', async () => {
  const times = { firstTimestamp: 1, maxTimestamp: 2 };
  assert.deepEqual((await write(times)).buffer, (await own(times)).buffer);
});

test('a compressed batch is left to kafkajs', async () => {
  const one = {
    compression: 1,
    firstTimestamp: 1,
    maxTimestamp: 2,
    records: [writeRecord({ value: 'v'.repeat(500) })],
  };
  assert.deepEqual((await write(one)).buffer, (await own(one)).buffer);
});
