import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SECTIONS } from '../../services/stream/checkpoint.ts';
import { createTrackedTables, type TrackedTables } from '../../services/stream/tracked-tables.ts';

interface Entry {
  n: number;
}

/** Takes everything: look at copies only. */
function contents(tables: TrackedTables): [number, Entry[]][] {
  const queue = tables.queue<Entry>('q');
  return queue.times(Number.POSITIVE_INFINITY).map((time) => [time, queue.take(time)]);
}

function restore(chunks: readonly Buffer[]): TrackedTables {
  const tables = createTrackedTables();
  for (const chunk of chunks) tables.apply(chunk);
  return tables;
}

const time = fc.integer({ min: 0, max: 40 }).map((minute) => minute * 60_000);
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ time, n: fc.integer() }) },
  { weight: 1, arbitrary: fc.record({ time }) },
);

test('the checkpoints since the last full rotation restore the queue in its order, whatever was pushed and taken between them', () => {
  fc.assert(
    fc.property(fc.array(fc.array(action, { maxLength: 12 }), { minLength: 1, maxLength: 3 * SECTIONS }), (rounds) => {
      const tables = createTrackedTables();
      const queue = tables.queue<Entry>('q');
      const expected = new Map<number, Entry[]>();
      const checkpoints: Buffer[][] = [];
      for (const [number, actions] of rounds.entries()) {
        for (const { time, ...entry } of actions) {
          if ('n' in entry) {
            queue.push(time, entry);
            expected.set(time, [...(expected.get(time) ?? []), entry]);
          } else {
            assert.deepEqual(queue.take(time), expected.get(time) ?? []);
            expected.delete(time);
          }
        }
        checkpoints.push([...tables.checkpoint(number)]);
        assert.deepEqual(
          contents(restore(checkpoints.slice(-SECTIONS).flat())),
          [...expected].sort(([a], [b]) => a - b),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('a push costs its entry, however many wait for the same time', () => {
  const tables = createTrackedTables();
  const queue = tables.queue<{ text: string }>('q');
  for (let i = 0; i < 5_000; i++) queue.push(60_000, { text: 'x'.repeat(1_000) });
  const sizes = Array.from({ length: SECTIONS }, (_, number) => [...tables.checkpoint(number)]);
  assert.ok(sizes.flat().every((chunk) => chunk.length < 900_000));
  queue.push(60_000, { text: 'one more' });
  const after = Array.from({ length: SECTIONS }, (_, number) => [...tables.checkpoint(SECTIONS + number)]);
  const small = after.filter((chunks) => chunks.every((chunk) => chunk.length < 500));
  assert.equal(small.length, SECTIONS - 1, 'all but the one that writes its section whole');
});

test('times are those that have come, earliest first', () => {
  const queue = createTrackedTables().queue<Entry>('q');
  for (const at of [300, 9, 100, 20]) queue.push(at, { n: at });
  assert.deepEqual(queue.times(100), [9, 20, 100]);
  queue.take(20);
  assert.deepEqual(queue.times(99), [9]);
});

test('a name is either a table or a queue', () => {
  const tables = createTrackedTables();
  tables.queue('q').push(1, 1);
  assert.throws(() => tables.table('q'), /is a queue, not a table/);
});
