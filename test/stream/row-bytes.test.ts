import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RowReader, RowWriter } from '../../services/stream/row-bytes.ts';

const part = fc.oneof(
  fc.record({ as: fc.constant('number' as const), value: fc.maxSafeNat() }),
  fc.record({ as: fc.constant('signed' as const), value: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }) }),
  fc.record({ as: fc.constant('byte' as const), value: fc.nat(255) }),
  fc.record({ as: fc.constant('string' as const), value: fc.string({ unit: 'grapheme', maxLength: 3_000 }) }),
);

test('what is written is read back, whatever its sizes, and ends where the next begins', () => {
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const row = new RowWriter();
      row.string('of the row before');
      row.begin();
      for (const { as, value } of parts) {
        if (as === 'string') row.string(value);
        else row[as](value);
      }
      const read = new RowReader(Buffer.concat([Buffer.from('before'), row.bytes]), 'before'.length);
      for (const { as, value } of parts) assert.equal(read[as](), value);
    }),
  );
});

test('small numbers and ASCII cost a byte each', () => {
  const row = new RowWriter();
  row.number(127);
  row.signed(-64);
  row.string('abc');
  assert.equal(row.bytes.length, 1 + 1 + 4);
});
