import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCleanups } from './cleanups.ts';

test('what is left is undone once, the latest first, and what fails keeps nothing else from it', async () => {
  const did: string[] = [];
  const cleanups = createCleanups();
  const undo = (name: string) =>
    cleanups.add(async () => {
      did.push(name);
      if (name === 'third') throw new Error('busy');
    });
  undo('first');
  const second = undo('second');
  undo('third');
  undo('fourth');
  await second();
  await cleanups.runAll();
  await cleanups.runAll();
  await second();
  assert.deepEqual(did, ['second', 'fourth', 'third', 'first']);
});
