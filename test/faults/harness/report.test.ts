import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptOutcome } from './kept-run.ts';
import { isGood, missedPlaces, tableOf } from './report.ts';

const outcome = (over: Partial<KeptOutcome> = {}): KeptOutcome => ({
  fault: 'kill-in-transaction',
  what: 'kill -9',
  rounds: 5,
  seed: 1,
  equal: true,
  seconds: 12,
  why: '',
  places: {},
  ...over,
});
const met = { aimed: 1, reached: 1 };
const missed = { aimed: 1, reached: 0 };

test('a run that did nothing is no good one', () => {
  assert.equal(isGood({ outcomes: [], notRun: [] }), false);
  assert.equal(isGood({ outcomes: [outcome()], notRun: [] }), true);
  assert.equal(isGood({ outcomes: [outcome(), outcome({ equal: false })], notRun: [] }), false);
});

test('a fault that was not run is in the table with the reason, and is a failure unless it was allowed', () => {
  const left = { fault: 'disk-full', reason: 'needs root' };
  const report = { outcomes: [outcome()], notRun: [{ ...left, isAllowed: false }] };
  assert.equal(isGood(report), false);
  assert.match(tableOf(report).at(-1) ?? '', /^disk-full .*NOT RUN .*needs root$/);
  assert.equal(isGood({ outcomes: [outcome()], notRun: [{ ...left, isAllowed: true }] }), true);
});

test('a place that every round of every stack has missed is a failure; one that another stack has met is not', () => {
  const first = outcome({ places: { here: missed, there: met } });
  assert.deepEqual(missedPlaces([first]), ['kill-in-transaction: here']);
  assert.equal(isGood({ outcomes: [first], notRun: [] }), false);
  assert.deepEqual(missedPlaces([first, outcome({ places: { here: met, there: missed } })]), []);
  assert.deepEqual(missedPlaces([first, outcome({ fault: 'another', places: { here: met } })]), [
    'kill-in-transaction: here',
  ]);
});
