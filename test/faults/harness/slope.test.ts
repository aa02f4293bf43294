import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slope } from './slope.ts';

test('the slope of a line is found though one sample in five is far off', () => {
  const samples = Array.from({ length: 50 }, (_, x) => ({ x, y: 100 + 2 * x + (x % 5 === 0 ? 400 - 10 * x : 0) }));
  assert.ok(Math.abs(slope(samples) - 2) < 0.2);
});

test('what only goes up and down has no slope', () => {
  const samples = Array.from({ length: 60 }, (_, x) => ({ x: x / 30, y: 150 + ((x * 37) % 11) }));
  assert.ok(Math.abs(slope(samples)) < 3);
});
