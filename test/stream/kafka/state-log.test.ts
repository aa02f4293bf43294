import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createStateRecordReader,
  encodeStateRecord,
  type StateRecord,
} from '../../../services/stream/kafka/state-log.ts';

const BROKER_LIMIT = 1_048_576;

const record: fc.Arbitrary<StateRecord> = fc.oneof(
  fc
    .record({ length: fc.integer({ min: 0, max: 2_000_000 }), fill: fc.nat(255) })
    .map(({ length, fill }): StateRecord => ({ kind: 'chunk', chunk: Buffer.alloc(length, fill) })),
  fc.array(fc.nat().map((advance) => ({ advance }))).map((journal): StateRecord => ({ kind: 'journal', journal })),
);

test('records of any size come back whole from messages that a broker takes', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), (records) => {
      const messages = records.flatMap(encodeStateRecord);
      for (const message of messages) assert.ok(message.length < BROKER_LIMIT - 100_000);
      const read = createStateRecordReader();
      assert.deepEqual(
        messages.map(read).filter((found) => found !== null),
        records,
      );
    }),
    { numRuns: 15 },
  );
});

test('a record of an unknown kind is refused', () => {
  assert.throws(() => createStateRecordReader()(Buffer.of(9, 1)), /unknown kind 9/);
});
