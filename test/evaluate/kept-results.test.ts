import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measurement } from '../support/measurement.ts';
import { keepMeasured } from './kept-results.ts';

const BEFORE = { commit: 'aaaaaaa', measuredOn: '2026-11-29' };
const NOW = { commit: 'bbbbbbb', measuredOn: '2026-11-30' };

test('what is measured again takes the place of the same run, and all else stays with what it was made with', () => {
  const { measurements } = keepMeasured([], [measurement({ seed: 1 }), measurement({ seed: 2, calls: 5 })], BEFORE);
  const kept = keepMeasured(measurements, [measurement({ seed: 2, calls: 7 }), measurement({ label: 'other' })], NOW);
  assert.deepEqual(
    kept.measurements.map(({ label, seed, calls, commit }) => [label, seed, calls, commit]),
    [
      ['slow & <wide>', 1, 1_000, 'aaaaaaa'],
      ['slow & <wide>', 2, 7, 'bbbbbbb'],
      ['other', 1, 1_000, 'bbbbbbb'],
    ],
  );
  assert.deepEqual(
    kept.report.detection.map(({ label, seeds }) => [label, seeds]),
    [
      ['slow & <wide>', 2],
      ['other', 1],
    ],
  );
});
