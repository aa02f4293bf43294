import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { HasherKeys } from '../../services/fingerprint/hasher.ts';
import { StillwatchError } from '../../services/platform/errors.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { writeSimulation } from '../../services/simulate/write.ts';
import { replayFolder, TEST_KEYS } from '../support/replay.ts';

const RESULTS = ['alerts.jsonl', 'flagged-accounts.jsonl', 'account-windows.jsonl', 'cluster-windows.jsonl'];
const EVERY = 3_000;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-resume-'));
  await writeSimulation({ out: folder, scenario: { ...createScenario('small'), days: 4 }, seed: 21 });
});
after(() => rm(folder, { recursive: true, force: true }));

/** A replay that is cut off after so many calls: later than it was last kept, with results beyond what was kept. */
async function cutOff(out: string, file: string, calls: number, thread?: HasherKeys): Promise<void> {
  const progress = (count: number): void => {
    if (count >= calls) throw new Error('cut off');
  };
  const resume = { file, every: EVERY };
  const options = { resume, progress, ...(thread === undefined ? {} : { thread }) };
  await assert.rejects(replayFolder(folder, out, options), /cut off/);
}

async function sameResults(...runs: [string, string]): Promise<void> {
  for (const name of RESULTS) {
    const [expected, found] = await Promise.all(runs.map((run) => readFile(join(folder, run, name))));
    assert.ok(expected !== undefined && expected.length > 0, `${name} is empty`);
    assert.ok(found?.equals(expected), `${name} differs`);
  }
}

test('a replay that was cut off twice writes the same bytes and the same figures as one that was not', async () => {
  const whole = await replayFolder(folder, join(folder, 'whole'));
  const [out, file] = [join(folder, 'resumed'), join(folder, 'resumed.progress')];
  await cutOff(out, file, 10_000);
  await cutOff(out, file, 20_000);
  const resumed = await replayFolder(folder, out, { resume: { file, every: EVERY } });
  await sameResults('whole', 'resumed');
  const { wall_seconds, cpu_seconds, peak_memory_bytes, ...figures } = resumed;
  assert.ok(wall_seconds > 0 && cpu_seconds > 0 && peak_memory_bytes > 0);
  assert.deepEqual({ ...whole, ...figures }, whole);
  assert.equal(existsSync(file), false, 'the file is left behind');
});

test('a replay with links in a thread of its own writes the same bytes, cut off or not', async () => {
  await replayFolder(folder, join(folder, 'here'));
  const [out, file] = [join(folder, 'threaded'), join(folder, 'threaded.progress')];
  const resume = { file, every: EVERY };
  await cutOff(out, file, 10_000, TEST_KEYS);
  await replayFolder(folder, out, { resume, thread: TEST_KEYS });
  await sameResults('here', 'threaded');
});

test('a replay does not go on from one of other calls, nor into results that are gone', async () => {
  const [out, file] = [join(folder, 'refused'), join(folder, 'refused.progress')];
  await cutOff(out, file, 10_000);
  const isRefused = (what: RegExp) => (error: unknown) =>
    error instanceof StillwatchError && error.code === 'STATE_FATAL' && what.test(error.what);
  const again = (into: string) => replayFolder(folder, into, { resume: { file, every: EVERY } });
  await assert.rejects(again(join(folder, 'elsewhere')), isRefused(/elsewhere.+does not hold/));
  await appendFile(join(folder, 'calls.jsonl'), '\n');
  await assert.rejects(again(out), isRefused(/another --calls/));
});
