import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CAMPAIGN } from '../../services/simulate/actors/campaign.ts';
import type { Scenario } from '../../services/simulate/scenario.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { writeSimulation } from '../../services/simulate/write.ts';
import { replayFolder } from '../support/replay.ts';
import { measure } from './measure.ts';
import { type Run, SHIPPED } from './measurement.ts';

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-evaluate-'));
after(() => rm(folder, { recursive: true, force: true }));

const scenario: Scenario = createScenario('small');
const run: Run = { experiment: 'test', label: 'small', seed: 21, scenario, detector: SHIPPED, wholeCampaign: null };

function figures({ wallSeconds, cpuSeconds, peakMemoryMb, ...rest }: Awaited<ReturnType<typeof measure>>) {
  assert.ok(wallSeconds > 0 && cpuSeconds > 0 && peakMemoryMb > 0);
  return rest;
}

describe('a measurement', () => {
  it('is the same each time', async () => {
    assert.deepEqual(figures(await measure(run)), figures(await measure(run)));
  });

  it('is the same when it was cut off and goes on', async () => {
    const resume = { file: join(folder, 'run'), every: 5_000 };
    const progress = (): never => {
      throw new Error('cut off');
    };
    await assert.rejects(measure(run, { resume, progress }), /cut off/);
    await assert.rejects(measure({ ...run, seed: 22 }, { resume }), /another run/);
    assert.deepEqual(figures(await measure(run, { resume })), figures(await measure(run)));
    assert.equal(existsSync(resume.file), false, 'the file is left behind');
  });

  it('is the same with links in a thread of their own, cut off or not', async () => {
    const resume = { file: join(folder, 'threaded'), every: 5_000 };
    const progress = (): never => {
      throw new Error('cut off');
    };
    await assert.rejects(measure(run, { resume, progress, thread: true }), /cut off/);
    assert.deepEqual(figures(await measure(run, { resume, thread: true })), figures(await measure(run)));
  });

  it('sees what stillwatch replay writes for the same traffic as files', async () => {
    await writeSimulation({ out: folder, scenario, seed: run.seed });
    const out = join(folder, 'out');
    const summary = await replayFolder(folder, out);
    const lines = (await readFile(join(out, 'flagged-accounts.jsonl'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    const flagged = new Set(lines.map((line): string => JSON.parse(line).account_id));
    const measured = await measure(run);
    assert.equal(measured.calls, summary.calls_in);
    const innocent = Object.values(measured.innocents).reduce((sum, { flagged: count }) => sum + count, 0);
    assert.equal(Math.round((measured.any.recall ?? 0) * measured.campaignAccounts) + innocent, flagged.size);
    assert.ok(flagged.size > 0);
  });

  it('finds with fingerprints made at the gateway exactly what it finds with text', async () => {
    const withFingerprints = await measure({ ...run, detector: { ...SHIPPED, input: 'fingerprint' } });
    assert.deepEqual(figures(withFingerprints), figures(await measure(run)));
  });

  it('is not moved by duplicates and bad records, which it counts', async () => {
    const disturbance = { duplicateShare: 0.02, lateShare: 0, lateMinutes: 0.5, badShare: 0.01 };
    const disturbed = await measure({ ...run, scenario: { ...scenario, disturbance } });
    const clean = await measure(run);
    assert.ok(disturbed.duplicate > 20 && disturbed.rejected > 20);
    assert.deepEqual(disturbed.page, clean.page);
    assert.deepEqual(disturbed.bCubed, clean.bCubed);
  });

  it('links less when the evidence of sign-up, payment and synchrony is taken away', async () => {
    const linked = {
      ...CAMPAIGN,
      accounts: 24,
      leakage: { ...CAMPAIGN.leakage, client: { ...CAMPAIGN.leakage.client, share: 0 } },
    };
    const actors = scenario.actors.map((actor) => (actor.type === 'campaign' ? linked : actor));
    const whole = await measure({ ...run, scenario: { ...scenario, actors } });
    const without = await measure({
      ...run,
      scenario: { ...scenario, actors },
      detector: { ...SHIPPED, linkLegsOff: ['payment', 'signup', 'synchrony'] },
    });
    assert.ok((without.bCubed?.recall ?? 1) < (whole.bCubed?.recall ?? 0));
  });
});
