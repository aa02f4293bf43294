import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { StillwatchError } from '../../services/platform/errors.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { writeSimulation } from '../../services/simulate/write.ts';
import { replayFolder } from '../support/replay.ts';

const RESULTS = ['alerts.jsonl', 'flagged-accounts.jsonl', 'account-windows.jsonl', 'cluster-windows.jsonl'];
const EVERY = 3_000;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-resume-'));
  await writeSimulation({ out: folder, scenario: { ...createScenario('small'), days: 4 }, seed: 21 });
});
after(() => rm(folder, { recursive: true, force: true }));

/** A replay that is cut off after so many calls: later than it was last kept, with results beyond what was kept. */
async function cutOff(out: string, file: string, calls: number): Promise<void> {
  const progress = (count: number): void => {
    if (count >= calls) throw new Error('cut off');
  };
  await assert.rejects(replayFolder(folder, out, { resume: { file, every: EVERY }, progress }), /cut off/);
}

test('a replay that was cut off twice writes the same bytes and the same figures as one that was not', async () => {
  const whole = await replayFolder(folder, join(folder, 'whole'));
  const [out, file] = [join(folder, 'resumed'), join(folder, 'resumed.progress')];
  await cutOff(out, file, 10_000);
  await cutOff(out, file, 20_000);
  const resumed = await replayFolder(folder, out, { resume: { file, every: EVERY } });
  for (const name of RESULTS) {
    const [expected, found] = await Promise.all(['whole', 'resumed'].map((run) => readFile(join(folder, run, name))));
    assert.ok(expected !== undefined && expected.length > 0, `${name} is empty`);
    assert.ok(found?.equals(expected), `${name} differs`);
  }
  const { wall_seconds, cpu_seconds, peak_memory_bytes, ...figures } = resumed;
  assert.ok(wall_seconds > 0 && cpu_seconds > 0 && peak_memory_bytes > 0);
  assert.deepEqual({ ...whole, ...figures }, whole);
  assert.equal(existsSync(file), false, 'the file is left behind');
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
