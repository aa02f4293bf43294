import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKER_BITS, markerNames } from '../../services/fingerprint/markers/all.ts';
import { readWeights } from '../../services/fingerprint/markers/weights.ts';
import { fitMarkers, scoresOf } from './fitting/features.ts';
import { createPromptWindows } from './fitting/windows.ts';
import { readAll } from './prompts/read.ts';
import { fingerprint } from './support.ts';

const windows = createPromptWindows();
const prompts = readAll('fitted').map((prompt) => ({ ...prompt, windows: windows.of(prompt.text) }));
const fitted = fitMarkers(prompts);
const inForce = readWeights();

test('the weights in force are those that the prompts give: nobody has changed them by hand, or the prompts without fitting anew', () => {
  const { numbers, models } = fitted;
  const differing = [...numbers].filter(([feature, number]) => {
    const known = inForce.get(windows.nameOf(feature) ?? '') ?? [];
    return models.some(({ weights }, marker) => Math.abs((weights[number] ?? 0) - (known[marker] ?? 9)) > 0.006);
  });
  assert.deepEqual(differing, []);
  assert.equal(inForce.size, numbers.size + 1);
  assert.equal(inForce.get('(bias)')?.length, Object.keys(MARKER_BITS).length);
});

test('one threshold was taken from all biases', () => {
  const [first = 0, ...others] = (inForce.get('(bias)') ?? []).map(
    (bias, marker) => (fitted.models[marker]?.bias ?? 0) - bias,
  );
  for (const other of others) assert.ok(Math.abs(other - first) < 0.002, `${other} and ${first}`);
});

test('a prompt has the markers whose models speak for it, in whichever of its parts', () => {
  const threshold = (fitted.models[0]?.bias ?? 0) - (inForce.get('(bias)')?.[0] ?? 0);
  for (const prompt of prompts) {
    const scores = scoresOf(fitted, prompt).map((score) => score - threshold);
    // What is rounded may fall on either side.
    if (scores.some((score) => Math.abs(score) < 0.05)) continue;
    const names = Object.keys(MARKER_BITS).filter((_, marker) => (scores[marker] ?? 0) > 0);
    assert.deepEqual(markerNames(fingerprint(prompt.text).markers), names);
  }
});
