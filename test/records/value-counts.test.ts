import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addValue,
  createValueCounts,
  MOST_VALUES,
  mergeValueCounts,
  sortedValues,
  totalCount,
} from '../../services/records/value-counts.ts';

/** More different values than are kept. */
const values = fc.array(
  fc.integer({ min: 0, max: 2 * MOST_VALUES }).map((number) => `value-${number}`),
  { maxLength: 600, size: 'max' },
);

function countsOf(list: readonly string[]) {
  const counts = createValueCounts();
  for (const value of list) addValue(counts, value);
  return counts;
}

test('any order and grouping gives the same counts, above the cap too', () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 4 }), (groups) => {
      const merged = createValueCounts();
      for (const group of groups.toReversed()) mergeValueCounts(merged, countsOf(group.toReversed()));
      assert.deepEqual(merged, countsOf(groups.flat()));
    }),
  );
});

test('nothing is lost: what is not kept is in other, and what is kept is exact', () => {
  fc.assert(
    fc.property(values, (list) => {
      const counts = countsOf(list);
      assert(counts.values.length <= MOST_VALUES);
      assert.equal(totalCount(counts), list.length);
      for (const { value, count } of counts.values) assert.equal(count, list.filter((one) => one === value).length);
    }),
  );
});

test('invented clients push out one another and none that is known', () => {
  const counts = countsOf(['sdk/openai-python', 'tool/cursor', 'relay/one-api']);
  for (let number = 0; number < 1_000; number++) addValue(counts, `unknown/client-${number}`);
  assert.deepEqual(
    counts.values.map(({ value }) => value).filter((value) => !value.startsWith('unknown/')),
    ['relay/one-api', 'sdk/openai-python', 'tool/cursor'],
  );
  assert.equal(totalCount(counts), 1_003);
});

test('sorted values have the most frequent first, ties by value', () => {
  const sorted = sortedValues(countsOf(['b', 'a', 'c', 'c']));
  assert.deepEqual(
    sorted.map(({ value }) => value),
    ['c', 'a', 'b'],
  );
});
