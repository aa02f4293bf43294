import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKER_BITS } from '../../services/fingerprint/markers/all.ts';
import { readWeights } from '../../services/fingerprint/markers/weights.ts';
import { fitMarkers } from './fitting/features.ts';
import { createPromptWindows } from './fitting/windows.ts';
import { readAll } from './prompts/read.ts';

test('the weights in force are those that the prompts give: nobody has changed them by hand, or the prompts without fitting anew', () => {
  const windows = createPromptWindows();
  const prompts = readAll('fitted').map((prompt) => ({ ...prompt, windows: windows.of(prompt.text) }));
  const { numbers, models } = fitMarkers(prompts);
  const inForce = readWeights();
  const differing = [...numbers].filter(([feature, number]) => {
    const known = inForce.get(windows.nameOf(feature) ?? '') ?? [];
    return models.some(({ weights }, marker) => Math.abs((weights[number] ?? 0) - (known[marker] ?? 9)) > 0.006);
  });
  assert.deepEqual(differing, []);
  assert.equal(inForce.size, numbers.size + 1);
  assert.equal(inForce.get('(bias)')?.length, Object.keys(MARKER_BITS).length);
});

test('no feature is more than two words: what is learnt is what words ask for, not the sentences of those who wrote the prompts', () => {
  for (const name of readWeights().keys()) assert.ok(name.split(' ').length <= 2, name);
});
