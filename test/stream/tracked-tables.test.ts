import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { SECTIONS } from '../../services/stream/checkpoint.ts';
import { createTrackedTables, type TrackedTables } from '../../services/stream/tracked-tables.ts';

interface Value {
  n: number;
}

function contents(tables: TrackedTables): [string, Value][] {
  return [...tables.table<Value>('t').entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}

function restore(chunks: readonly Buffer[]): TrackedTables {
  const tables = createTrackedTables();
  for (const chunk of chunks) tables.apply(chunk);
  return tables;
}

const change = fc.record({
  key: fc.integer({ min: 0, max: 60 }).map(String),
  n: fc.option(fc.integer(), { nil: null }),
});

test('the checkpoints since the last full rotation restore the tables, whatever was set and deleted between them', () => {
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 12 }), { minLength: 1, maxLength: 3 * SECTIONS }), (rounds) => {
      const tables = createTrackedTables();
      const table = tables.table<Value>('t');
      const checkpoints: Buffer[][] = [];
      for (const [number, changes] of rounds.entries()) {
        for (const { key, n } of changes) n === null ? table.delete(key) : table.set(key, { n });
        checkpoints.push([...tables.checkpoint(number)]);
        assert.deepEqual(contents(restore(checkpoints.slice(-SECTIONS).flat())), contents(tables));
      }
    }),
    { numRuns: 60 },
  );
});

test('all that there is can be written between two checkpoints, and is in neither of them less for it', () => {
  const tables = createTrackedTables();
  const table = tables.table<Value>('t');
  const queue = tables.queue<string>('q');
  table.set('a', { n: 1 });
  queue.push(5, 'early');
  const first = [...tables.checkpoint(0)];
  table.set('b', { n: 2 });
  const whole = restore([...tables.whole()]);
  assert.deepEqual(contents(whole), contents(tables));
  assert.deepEqual(whole.queue<string>('q').take(5), ['early']);
  assert.deepEqual(contents(restore([...first, ...tables.checkpoint(1)])), contents(tables));
});

test('a value changed in place and set again is saved', () => {
  const tables = createTrackedTables();
  const table = tables.table<Value>('t');
  const value = { n: 1 };
  table.set('a', value);
  const first = [...tables.checkpoint(0)];
  value.n = 2;
  table.set('a', value);
  assert.deepEqual(contents(restore([...first, ...tables.checkpoint(1)])), [['a', { n: 2 }]]);
});

test('a checkpoint without changes costs one section, not the whole', () => {
  const tables = createTrackedTables();
  for (let i = 0; i < 10_000; i++) tables.table<Value>('t').set(`account-${i}`, { n: i });
  const size = (chunks: readonly Buffer[]): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const all = size([...tables.checkpoint(0)]);
  assert.ok(size([...tables.checkpoint(1)]) < all / 8);
});

test('a chunk of a form that this version does not know is refused', () => {
  const chunk = { table: 't', clears: null, entries: [], deleted: [] };
  assert.throws(() => createTrackedTables().apply(serialize(chunk)), /unknown kind/);
});

test('a large table is written in chunks that fit into a message', () => {
  const tables = createTrackedTables();
  for (let i = 0; i < 3_000; i++) tables.table<{ text: string }>('t').set(`key-${i}`, { text: 'x'.repeat(1_000) });
  const chunks = [...tables.checkpoint(0)];
  assert.ok(chunks.length > 4);
  assert.ok(chunks.every((chunk) => chunk.length < 900_000));
});
