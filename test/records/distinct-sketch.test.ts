import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addHash,
  createSketch,
  type DistinctSketch,
  decodeSketch,
  encodeSketch,
  estimate,
  MalformedSketchError,
  mergeSketch,
} from '../../services/records/distinct-sketch.ts';
import { seededRandom } from '../support/random.ts';

const hash = fc.integer({ min: 0, max: 0xffffffff });
/** On both sides of the 64 values up to which a sketch is exact. */
const hashes = fc.array(hash, { maxLength: 150, size: 'max' });

function sketchOf(values: Iterable<number>): DistinctSketch {
  const sketch = createSketch();
  for (const value of values) addHash(sketch, value);
  return sketch;
}

test('any order and any grouping of adds and merges gives the same sketch', () => {
  fc.assert(
    fc.property(fc.array(hashes, { maxLength: 5 }), fc.boolean(), (groups, backwards) => {
      const merged = createSketch();
      for (const group of backwards ? groups.toReversed() : groups) mergeSketch(merged, sketchOf(group.toReversed()));
      assert.deepEqual(merged, sketchOf(groups.flat()));
    }),
  );
});

test('up to 64 values are counted exactly', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { maxLength: 64 }), (values) => {
      assert.equal(estimate(sketchOf([...values, ...values])), values.length);
    }),
  );
});

test('above 64 values the estimate is within four standard errors of 3.3 %', () => {
  const random = seededRandom(7);
  for (const count of [65, 200, 1_000, 3_000, 10_000, 100_000]) {
    const values = new Set<number>();
    while (values.size < count) values.add(random.below(2 ** 32));
    const error = Math.abs(estimate(sketchOf(values)) - count) / count;
    assert(error < 4 * 0.0325, `${count} values: off by ${(100 * error).toFixed(1)} %`);
  }
});

test('merging leaves what is merged from as it was, then and later', () => {
  fc.assert(
    fc.property(hashes, hashes, (first, second) => {
      const from = sketchOf(first);
      const into = createSketch();
      mergeSketch(into, from);
      for (const value of second) addHash(into, value);
      assert.deepEqual(from, sketchOf(first));
      assert.deepEqual(createSketch(), { sparse: [], registers: null });
    }),
  );
});

test('encoded and decoded it is the same and goes on the same', () => {
  fc.assert(
    fc.property(hashes, hashes, (first, second) => {
      const sketch = decodeSketch(encodeSketch(sketchOf(first)));
      assert.deepEqual(sketch, sketchOf(first));
      for (const value of second) addHash(sketch, value);
      assert.deepEqual(sketch, sketchOf([...first, ...second]));
    }),
  );
});

test('a sketch is plain data', () => {
  fc.assert(fc.property(hashes, (values) => assert.deepEqual(structuredClone(sketchOf(values)), sketchOf(values))));
});

test('bytes that are not a sketch are refused by name', () => {
  const dense = encodeSketch(sketchOf(Array.from({ length: 100 }, (_, number) => number * 7_919)));
  const badRank = Buffer.from(dense);
  badRank[5] = 24;
  const malformed: Record<string, Uint8Array> = {
    empty: Buffer.of(),
    'no form': Buffer.of(1),
    'another version': Buffer.of(2, 0),
    'another form': Buffer.of(1, 2),
    'half a hash': Buffer.of(1, 0, 0, 0),
    'hashes out of order': Buffer.of(1, 0, 0, 0, 0, 2, 0, 0, 0, 1),
    'a hash twice': Buffer.of(1, 0, 0, 0, 0, 2, 0, 0, 0, 2),
    'too many hashes': Buffer.concat([Buffer.of(1, 0), Buffer.alloc(65 * 4)]),
    'a register too few': dense.subarray(0, -1),
    'an impossible register': badRank,
  };
  for (const [what, bytes] of Object.entries(malformed)) {
    assert.throws(() => decodeSketch(bytes), MalformedSketchError, what);
  }
});
