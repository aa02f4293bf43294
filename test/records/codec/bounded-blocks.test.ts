import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchema } from '../../../services/records/codec/schemas.ts';

const record = (...fields: object[]) => parseSchema(JSON.stringify({ type: 'record', name: 'Call', fields }));
const id = { name: 'id', type: 'string' };
const array = (items: unknown) => ({ name: 'tags', type: { type: 'array', items } });
const map = (values: unknown) => ({ name: 'tags', type: { type: 'map', values } });

/** Long zigzag varint of Avro. */
function long(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

// A block of 2^50 items; one that goes back by its own length; blocks of items that take no room.
const HOSTILE: [string, number[]][] = [
  ['2^50 items', [...long(2n ** 50n), 0, 0]],
  ['2^31 items', [...long(2n ** 31n), 0, 0]],
  ['-2^50 items', [...long(-(2n ** 50n)), ...long(4n), 0, 0]],
  ['back to its own beginning', [...long(-1n), ...long(-2n), 0, 0]],
  ['back before the message', [...long(-1n), ...long(-(2n ** 40n)), 0, 0]],
  ['ahead behind the message', [...long(-1n), ...long(2n ** 60n), 0, 0]],
  ['a number without an end', new Array(100).fill(0xff)],
];

for (const [what, bytes] of HOSTILE) {
  test(`${what}: a message that says so ends too early, for who reads the field and who skips it`, {
    timeout: 5_000,
  }, () => {
    for (const field of [array('null'), array('string'), array('int'), map('null'), map('string')]) {
      const writer = record(field, id);
      for (const reader of [writer, record(id)]) {
        const { offset } = reader.decode(Buffer.from(bytes), 0, reader.createResolver(writer));
        assert.equal(offset, -1, JSON.stringify(field));
      }
      if (what !== 'back to its own beginning') assert.equal(writer.decode(Buffer.from(bytes), 0).offset, -1);
    }
  });
}

test('blocks of nothing, one after the other, are refused at the first', { timeout: 5_000 }, () => {
  const bytes = Buffer.alloc(1_000_000, Buffer.from(long(60n)));
  const writer = record(array('null'), id);
  assert.equal(writer.decode(bytes, 0).offset, -1);
  const reader = record(id);
  assert.equal(reader.decode(bytes, 0, reader.createResolver(writer)).offset, -1);
});

test('what a writer wrote is read as before: several blocks, blocks with their size, empty ones', () => {
  const writer = record(array('string'), id);
  const reader = record(id);
  const value = { tags: ['a', '', 'c'], id: 'x' };
  const bytes = writer.toBuffer(value);
  assert.deepEqual({ ...writer.fromBuffer(bytes) }, value);
  assert.equal(reader.fromBuffer(bytes, reader.createResolver(writer)).id, 'x');
  const blocks = Buffer.from([...long(1n), ...[2, 0x61], ...[...long(-2n), ...long(3n), 0, 2, 0x63], 0, ...[2, 0x78]]);
  assert.deepEqual({ ...writer.fromBuffer(blocks) }, value);
  assert.equal(reader.fromBuffer(blocks, reader.createResolver(writer)).id, 'x');
  assert.deepEqual(writer.fromBuffer(writer.toBuffer({ tags: [], id: '' })).tags, []);
});

test('a key of a map reaches no prototype', () => {
  const writer = record(map({ type: 'map', values: 'string' }), id);
  const polluted = record(map({ type: 'map', values: 'string' }), id).fromBuffer(
    Buffer.concat([
      Buffer.from([2, 18]),
      Buffer.from('__proto__'),
      Buffer.from([2, 16]),
      Buffer.from('polluted'),
      Buffer.from([6]),
      Buffer.from('yes'),
      Buffer.from([0, 0, 2, 0x78]),
    ]),
  );
  assert.equal('polluted' in {}, false);
  assert.equal(polluted.tags.polluted, undefined);
  assert.deepEqual(Object.keys(polluted.tags), ['__proto__']);
  assert.ok(writer.isValid({ tags: {}, id: '' }));
});
