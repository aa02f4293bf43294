import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { SECTIONS } from '../../services/stream/checkpoint.ts';
import { avroRows } from '../../services/stream/row-codec.ts';
import type { StateTable } from '../../services/stream/state-table.ts';
import { createTrackedTables, type TrackedTables } from '../../services/stream/tracked-tables.ts';

interface Value {
  text: string;
  numbers: number[];
}

const VALUES = avroRows<Value, Value>(
  'value 1',
  avro.Type.forSchema({
    type: 'record',
    name: 'Value',
    fields: [
      { name: 'text', type: 'string' },
      { name: 'numbers', type: { type: 'array', items: 'long' } },
    ],
  }),
  (value) => value,
  ({ text, numbers }) => ({ text, numbers }),
);

const named = (tables: TrackedTables): StateTable<Value> => tables.packed('t', VALUES);

function contents(table: StateTable<Value>): [string, Value][] {
  return [...table.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}

function restore(chunks: readonly Buffer[], hot: number): TrackedTables {
  const tables = createTrackedTables({ hot });
  for (const chunk of chunks) tables.apply(chunk);
  return tables;
}

const value: fc.Arbitrary<Value> = fc
  .tuple(
    fc.string({ maxLength: 40, unit: 'grapheme' }),
    fc.array(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), { maxLength: 12 }),
    fc.constantFrom(1, 1, 1, 900),
  )
  .map(([text, numbers, times]) => ({ text: text.repeat(times), numbers }));
const change = fc.record({
  key: fc.oneof(
    fc.integer({ min: 0, max: 40 }).map(String),
    fc.constantFrom('', 'clé', '钥匙', 'x'.repeat(700), `${'x'.repeat(700)}y`),
  ),
  value: fc.option(value, { nil: null }),
});
const rounds = fc.array(fc.array(change, { maxLength: 12 }), { minLength: 1, maxLength: 3 * SECTIONS });

test('it says what a Map would say, whether all values, some, or hardly any are kept decoded', () => {
  fc.assert(
    fc.property(rounds, fc.constantFrom(0, 1, 7, 1_000), (all, hot) => {
      const table = named(createTrackedTables({ hot }));
      const map = new Map<string, Value>();
      for (const { key, value } of all.flat()) {
        if (value === null) assert.equal(table.delete(key), map.delete(key));
        else {
          table.set(key, value);
          map.set(key, value);
        }
        assert.equal(table.size, map.size);
        for (const some of [key, '3', 'clé']) {
          assert.equal(table.has(some), map.has(some));
          assert.deepEqual(table.get(some), map.get(some));
        }
      }
      assert.deepEqual(
        contents(table),
        [...map].sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    }),
    { numRuns: 100 },
  );
});

test('the checkpoints since the last full rotation restore it, whatever was set and deleted between them, before and after a restart', () => {
  fc.assert(
    fc.property(rounds, fc.constantFrom(0, 3, 1_000), fc.nat(3 * SECTIONS), (all, hot, restart) => {
      let tables = createTrackedTables({ hot });
      let table = named(tables);
      const map = new Map<string, Value>();
      const checkpoints: Buffer[][] = [];
      for (const [number, changes] of all.entries()) {
        if (number === restart) {
          tables = restore(checkpoints.slice(-SECTIONS).flat(), hot);
          table = named(tables);
        }
        for (const { key, value } of changes) {
          value === null ? table.delete(key) : table.set(key, value);
          value === null ? map.delete(key) : map.set(key, value);
        }
        checkpoints.push([...tables.checkpoint(number)]);
        const copy = named(restore(checkpoints.slice(-SECTIONS).flat(), hot));
        assert.deepEqual(
          contents(copy),
          [...map].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
        assert.equal(copy.size, map.size);
      }
    }),
    { numRuns: 60 },
  );
});

test('a value changed in place and set again is kept', () => {
  for (const hot of [0, 100]) {
    const tables = createTrackedTables({ hot });
    const table = named(tables);
    table.set('a', { text: '', numbers: [] });
    for (let n = 0; n < 500; n++) {
      const value = table.get('a');
      assert.ok(value !== undefined);
      value.numbers.push(n);
      table.set('a', value);
      table.set(`other ${n % 7}`, { text: '', numbers: [n] });
    }
    assert.equal(table.get('a')?.numbers.length, 500);
  }
});

test('rows grow past their room, and past a slab, without losing a byte', () => {
  const table = named(createTrackedTables({ hot: 0 }));
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 500; i++) table.set(`${i}`, { text: 'y'.repeat(round * 300 + i), numbers: [round, i] });
    table.set('large', { text: 'z'.repeat((round + 1) * 700_000), numbers: [] });
  }
  for (let i = 0; i < 500; i++) assert.deepEqual(table.get(`${i}`), { text: 'y'.repeat(1_200 + i), numbers: [4, i] });
  assert.equal(table.get('large')?.text.length, 3_500_000);
});

test('the bytes of deleted rows are used again', () => {
  const table = named(createTrackedTables({ hot: 0 }));
  const text = 'x'.repeat(2_000);
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < 2_000; i++) table.set(`${round}/${i}`, { text, numbers: [] });
    for (let i = 0; i < 2_000; i++) table.delete(`${round - 1}/${i}`);
  }
  assert.equal(table.size, 2_000);
  const megabytes = (process.memoryUsage().arrayBuffers - before) / 2 ** 20;
  assert.ok(megabytes < 100, `${Math.round(megabytes)} MB for 4 MB of rows after 200 MB were written`);
});

test('rows of another form are refused, and say which', () => {
  const old = createTrackedTables();
  named(old).set('a', { text: '', numbers: [] });
  const next = restore([...old.checkpoint(0)], 10);
  assert.throws(() => next.packed('t', { ...VALUES, format: 'value 2' }), /saved as value 1, .* keeps them as value 2/);
});
