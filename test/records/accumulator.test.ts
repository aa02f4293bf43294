import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Accumulator,
  addCall,
  type CountedCall,
  createAccumulator,
  mergeAccumulators,
  mergeShorter,
} from '../../services/records/accumulator.ts';
import { DAY, HOUR, MINUTE, NEVER, windowStart } from '../../services/records/window.ts';
import { countedCall } from './calls.ts';

/** Calls beside a permutation of them and a group number for each. */
const shuffled = fc.array(countedCall(), { maxLength: 700, size: 'max' }).chain((calls) =>
  fc.record({
    calls: fc.constant(calls),
    order: fc.shuffledSubarray([...calls.keys()], { minLength: calls.length, maxLength: calls.length }),
    groups: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: calls.length, maxLength: calls.length }),
  }),
);

test('any order of calls gives the same accumulator', () => {
  fc.assert(
    fc.property(shuffled, ({ calls, order }) => {
      const reordered = order.flatMap((place) => calls[place] ?? []);
      assert.deepEqual(accumulate(reordered), accumulate(calls));
    }),
    { numRuns: 60 },
  );
});

test('any grouping of calls, merged in any order, gives the same accumulator', () => {
  fc.assert(
    fc.property(shuffled, fc.boolean(), ({ calls, groups }, backwards) => {
      const parts = [0, 1, 2, 3, 4].map((group) => accumulate(calls.filter((_, place) => groups[place] === group)));
      const merged = createAccumulator();
      for (const part of backwards ? parts.toReversed() : parts) mergeAccumulators(merged, part);
      assert.deepEqual(merged, accumulate(calls));
    }),
    { numRuns: 60 },
  );
});

test('merging leaves what is merged from as it was, then and later', () => {
  fc.assert(
    fc.property(
      fc.array(countedCall(), { maxLength: 20 }),
      fc.array(countedCall(), { maxLength: 20 }),
      (first, second) => {
        const from = accumulate(first);
        const before = structuredClone(from);
        const into = createAccumulator();
        mergeAccumulators(into, from);
        mergeAccumulators(into, accumulate(second));
        for (const call of second) addCall(into, call, 0);
        assert.deepEqual(from, before);
      },
    ),
  );
});

test('an accumulator that was saved and restored goes on as if it had not been', () => {
  fc.assert(
    fc.property(
      fc.array(countedCall(), { maxLength: 80 }),
      fc.array(countedCall(), { maxLength: 80 }),
      (first, second) => {
        const restored = structuredClone(accumulate(first));
        for (const call of second) addCall(restored, call, 0);
        assert.deepEqual(restored, accumulate([...first, ...second]));
      },
    ),
  );
});

const START = Date.UTC(2026, 4, 3);

test('minutes merged into hours and hours into a day, in any order, give one day whose arrivals sit in their quarter of an hour', () => {
  const minuteOfDay = fc.integer({ min: 0, max: DAY / MINUTE - 1 });
  const calls = fc.array(
    minuteOfDay.chain((minute) => countedCall(START + minute * MINUTE)),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(calls, fc.boolean(), (list, backwards) => {
      const day = rollUp(backwards ? list.toReversed() : list, backwards);
      assert.deepEqual(day, rollUp(list, false));
      assert.equal(day.calls, list.length);
      const quarters = new Map<number, number>();
      for (const { occurred_at } of list) {
        const quarter = Math.floor((occurred_at - START) / (HOUR / 4));
        quarters.set(quarter, (quarters.get(quarter) ?? 0) + 1);
      }
      assert.deepEqual(new Map(day.arrivals.map(({ bin, count }) => [bin, count])), quarters);
    }),
  );
});

test('an hour counts its calls by the minute', () => {
  const hour = createAccumulator();
  for (const minute of [59, 0, 7]) {
    const [call] = fc.sample(countedCall(START + minute * MINUTE), 1);
    assert(call);
    mergeShorter(hour, accumulate([call, call], START + minute * MINUTE), 'hour', START, START + minute * MINUTE);
  }
  assert.deepEqual(hour.arrivals, [
    { bin: 0, count: 2 },
    { bin: 7, count: 2 },
    { bin: 59, count: 2 },
  ]);
});

test('the counters say what the calls were', () => {
  fc.assert(
    fc.property(fc.array(countedCall(), { maxLength: 100 }), (calls) => {
      const acc = accumulate(calls);
      const count = (is: (call: CountedCall) => boolean) => calls.filter(is).length;
      const sum = (of: (call: CountedCall) => number) => calls.reduce((total, call) => total + of(call), 0);
      assert.equal(
        acc.errors,
        count(({ status_code }) => status_code >= 400),
      );
      assert.equal(
        acc.throttled,
        count(({ status_code }) => status_code === 429),
      );
      assert.equal(
        acc.input_tokens,
        sum(({ input_tokens }) => input_tokens),
      );
      assert.equal(
        acc.output_tokens,
        sum(({ output_tokens }) => output_tokens),
      );
      assert.equal(
        acc.long_in_short_out,
        count(({ input_tokens, output_tokens }) => input_tokens >= 512 && output_tokens <= 32),
      );
      assert.equal(
        acc.chain_of_thought,
        count(({ prompt }) => prompt !== null && (prompt.markers & 1) !== 0),
      );
      assert.equal(
        acc.rubric_grading,
        count(({ prompt }) => prompt !== null && (prompt.markers & 2) !== 0),
      );
      assert.equal(acc.first_seen, Math.min(NEVER, ...calls.map(({ occurred_at }) => occurred_at)));
      assert.equal(acc.last_seen, Math.max(0, ...calls.map(({ occurred_at }) => occurred_at)));
      assert.equal(
        acc.input_bands.reduce((total, { count: calls }) => total + calls, 0),
        calls.length,
      );
    }),
  );
});

test('a template that is kept has all its calls, however many others were dropped', () => {
  fc.assert(
    fc.property(fc.array(countedCall(), { minLength: 300, maxLength: 700, size: 'max' }), (calls) => {
      const acc = accumulate(calls);
      assert(acc.templates.length <= 128);
      for (const { template, calls: counted } of acc.templates) {
        assert.equal(counted, calls.filter(({ prompt }) => prompt?.template === template).length);
      }
    }),
    { numRuns: 20 },
  );
});

function accumulate(calls: readonly CountedCall[], start = 0): Accumulator {
  const acc = createAccumulator();
  for (const call of calls) addCall(acc, call, start);
  return acc;
}

function rollUp(calls: readonly CountedCall[], backwards: boolean): Accumulator {
  const minutes = Map.groupBy(calls, ({ occurred_at }) => windowStart('minute', occurred_at));
  const inOrder = <Value>(windows: Map<number, Value>) => [...windows].sort(([a], [b]) => (backwards ? b - a : a - b));
  const hours = new Map<number, Accumulator>();
  for (const [start, minuteCalls] of inOrder(minutes)) {
    const hourStart = windowStart('hour', start);
    const hour = hours.get(hourStart) ?? createAccumulator();
    hours.set(hourStart, hour);
    mergeShorter(hour, accumulate(minuteCalls, start), 'hour', hourStart, start);
  }
  const day = createAccumulator();
  for (const [start, hour] of inOrder(hours)) mergeShorter(day, hour, 'day', START, start);
  return day;
}
