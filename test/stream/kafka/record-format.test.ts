import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BatchContext,
  type ReadRecord,
  type RecordToWrite,
  readRecord,
  writeRecord,
} from '../../../services/stream/kafka/record-format.ts';

/** kafkajs' own, which nothing in this process has replaced. */
const require = createRequire(import.meta.url);
const ownWrite: (record: RecordToWrite) => { buffer: Buffer } = require('kafkajs/src/protocol/recordBatch/record/v0');
const ownRead: <Context>(decoder: object, context: Context) => ReadRecord<Context> =
  require('kafkajs/src/protocol/recordBatch/record/v0/decoder');
const Decoder: new (bytes: Buffer) => { buffer: Buffer; readVarIntBytes(): Buffer } =
  require('kafkajs/src/protocol/decoder');

/** kafkajs takes a header that is called like a method of every object for a second one of that name. */
const name = fc.string({ maxLength: 40 }).filter((one) => !(one in Object.prototype));
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = fc.oneof(
  fc.constant(null),
  text,
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const present = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array)),
);
const record = fc.record({
  offsetDelta: fc.nat(),
  timestampDelta: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  key: bytes,
  value: bytes,
  headers: fc.dictionary(name, fc.oneof(present, fc.array(present, { minLength: 1, maxLength: 3 })), { maxKeys: 3 }),
});

const CONTEXT: BatchContext = {
  firstOffset: '123456789012',
  firstTimestamp: '1776816000000',
  maxTimestamp: '1776816000999',
  timestampType: 0,
  magicByte: 2,
  isControlBatch: false,
};

/** The record without its length, as the batch hands it on. */
function bodyOf(written: Buffer): { buffer: Buffer } {
  return new Decoder(new Decoder(written).readVarIntBytes());
}

test('a record is written as kafkajs writes it, byte for byte', () => {
  fc.assert(fc.property(record, (one) => assert.deepEqual(writeRecord(one).buffer, ownWrite(one).buffer)));
  const large = { key: 'k', value: Buffer.alloc(70_000, 7) };
  assert.deepEqual(writeRecord(large).buffer, ownWrite(large).buffer);
  assert.deepEqual(writeRecord({}).buffer, ownWrite({}).buffer);
});

test('a record is read as kafkajs reads it, whoever set its time', () => {
  fc.assert(
    fc.property(record, fc.constantFrom(0, 1), fc.boolean(), (one, timestampType, isControlBatch) => {
      const context = { ...CONTEXT, timestampType, isControlBatch };
      const { buffer } = writeRecord(one);
      assert.deepEqual(readRecord(bodyOf(buffer), context), ownRead(bodyOf(buffer), context));
    }),
  );
});

test('offsets and times that a double does not hold are exact', () => {
  const context = { ...CONTEXT, firstOffset: '9007199254740990', firstTimestamp: '-9223372036854775808' };
  const { buffer } = writeRecord({ offsetDelta: 7, timestampDelta: 2 ** 52, value: 'v' });
  const read = readRecord(bodyOf(buffer), context);
  assert.equal(read.offset, '9007199254740997');
  assert.equal(read.timestamp, String(-(2n ** 63n) + 2n ** 52n));
  assert.deepEqual(read, ownRead(bodyOf(buffer), context));
});

test('a header is never more than a header', () => {
  const { buffer } = writeRecord({ value: 'v', headers: JSON.parse('{"__proto__": "x", "valueOf": "y"}') });
  const { headers } = readRecord(bodyOf(buffer), CONTEXT);
  assert.deepEqual(Object.keys(headers).sort(), ['__proto__', 'valueOf']);
  assert.deepEqual(headers['valueOf'], Buffer.from('y'));
  assert.equal(Object.getPrototypeOf(headers), Object.prototype);
});

test('a record that is cut off is an error, not a record', () => {
  const body = bodyOf(writeRecord({ key: 'key', value: 'value' }).buffer).buffer;
  assert.throws(() => readRecord({ buffer: body.subarray(0, 2) }, CONTEXT), /middle of a number/);
});
