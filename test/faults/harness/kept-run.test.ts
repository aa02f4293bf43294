import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Input } from './input.ts';
import { type KeptOutcome, openKeptRun } from './kept-run.ts';

const SETTINGS = { seed: 1, sabotage: null };
const message = (value: Buffer | null) => ({ topic: 'in', partition: 1, key: 'a', value, timestamp: '1767225600000' });
const INPUT: Input = {
  partitions: 2,
  accounts: [message(Buffer.from([0, 255, 1]))],
  calls: [message(null), message(Buffer.from('{"base":"text"}'))],
  closing: [],
  end: 7,
};
const OUTCOME: KeptOutcome = {
  fault: 'terminate',
  what: 'SIGTERM',
  rounds: 5,
  seed: 3,
  equal: true,
  seconds: 12.5,
  why: '',
  places: {},
};

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-kept-run-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a run that is started again has the same input, time stamps and bytes, and the same reference, and makes neither', async (t) => {
  const folder = await temporary(t);
  const first = await openKeptRun(folder, SETTINGS);
  const reference = new Map([['table alerts', ['{"a":1}']]]);
  assert.deepEqual(await first.input(async () => INPUT), INPUT);
  assert.deepEqual(await first.reference(async () => reference), reference);
  const again = await openKeptRun(folder, SETTINGS);
  assert.deepEqual(await again.input(() => assert.fail('made again')), INPUT);
  assert.deepEqual(await again.reference(() => assert.fail('made again')), reference);
});

test('a stack that is over is found again, one of another length of an outage is not', async (t) => {
  const folder = await temporary(t);
  await (await openKeptRun(folder, SETTINGS)).add(OUTCOME);
  const again = await openKeptRun(folder, SETTINGS);
  assert.deepEqual(again.outcomes(), [OUTCOME]);
  assert.deepEqual(again.find({ name: 'terminate', what: 'SIGTERM' }, 5, 3), OUTCOME);
  assert.equal(again.find({ name: 'terminate', what: 'SIGTERM' }, 5, 4), null);
  assert.equal(again.find({ name: 'terminate', what: 'SIGTERM' }, 6, 3), null);
  assert.equal(again.find({ name: 'terminate', what: 'SIGTERM twice' }, 5, 3), null);
});

test('a folder of a run with other settings is refused', async (t) => {
  const folder = await temporary(t);
  await openKeptRun(folder, SETTINGS);
  await assert.rejects(openKeptRun(folder, { ...SETTINGS, seed: 2 }), /give the same options, or another folder/);
});
