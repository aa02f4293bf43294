import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ApiCall } from '../../services/records/api-call.ts';
import { readLines, stillwatch } from '../support/pipeline.ts';

const DAY = 24 * 60 * 60_000;
const MIDNIGHT = '2026-04-23T00:00:00Z';
const OLD = { STILLWATCH_HASHING_KEY: 'the-old-key' };
const NEW = { STILLWATCH_HASHING_KEY: 'the-new-key' };
const ROTATED = { ...NEW, STILLWATCH_HASHING_PREVIOUS_KEY: 'the-old-key', STILLWATCH_HASHING_ROTATED_AT: MIDNIGHT };

interface Window {
  window_end: string;
}
interface AlertLine {
  alert_id: string;
  severity: string;
  status: string;
  account_count: number;
}

/** Two days of the same traffic, and the first day's last call sent again after midnight, under each key and with the rotation between the days. */
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-rotation-'));
  await stillwatch(['simulate', '--scenario', 'small', '--seed', '11', '--out', folder, '--quiet']);
  const first = await readLines<ApiCall>(join(folder, 'calls.jsonl'));
  const [next, ...rest] = first.map((call) => ({
    ...call,
    event_id: `${call.event_id}-next`,
    occurred_at: Number(call.occurred_at) + DAY,
  }));
  const both = [...first, next, first.at(-1), ...rest];
  await writeFile(join(folder, 'both.jsonl'), both.map((call) => `${JSON.stringify(call)}\n`).join(''));
  for (const [out, keys] of Object.entries({ old: OLD, new: NEW, rotated: ROTATED })) {
    const files = ['--calls', join(folder, 'both.jsonl'), '--accounts', join(folder, 'accounts.jsonl')];
    await stillwatch(['replay', ...files, '--out', join(folder, out)], keys);
  }
});
after(() => rm(folder, { recursive: true, force: true }));

test('every window before the rotation is what the old key gives, every one after it what the new key gives', async () => {
  const windows = async (run: string) => {
    const all = await readLines<Window>(join(folder, run, 'account-windows.jsonl'));
    const midnight = MIDNIGHT.slice(0, 19).replace('T', ' ');
    return {
      before: all.filter(({ window_end }) => window_end.slice(0, 19) <= midnight),
      since: all.filter(({ window_end }) => window_end.slice(0, 19) > midnight),
    };
  };
  const rotated = await windows('rotated');
  assert.ok(rotated.before.length > 1_000 && rotated.since.length > 1_000);
  assert.deepEqual(rotated.before, (await windows('old')).before);
  assert.deepEqual(rotated.since, (await windows('new')).since);
});

test('a call of before the rotation that is sent again after it is known', async () => {
  const summary = JSON.parse(await readFile(join(folder, 'rotated/summary.json'), 'utf8'));
  assert.equal(summary.duplicate, 1);
});

test('what shared identifiers hold together goes on under its alert; what was linked by hashes of work grows no further across it', async () => {
  const last = async (run: string): Promise<Map<string, AlertLine>> =>
    new Map((await readLines<AlertLine>(join(folder, run, 'alerts.jsonl'))).map((alert) => [alert.alert_id, alert]));
  const [old, rotated] = [await last('old'), await last('rotated')];
  assert.deepEqual([...rotated.keys()].sort(), [...old.keys()].sort(), 'no alert is opened again');
  for (const [id, { severity, status, account_count }] of rotated) {
    const undisturbed = old.get(id);
    assert.deepEqual([severity, status], [undisturbed?.severity, undisturbed?.status]);
    assert.ok(account_count <= (undisturbed?.account_count ?? 0));
    if (severity === 'page') assert.equal(account_count, undisturbed?.account_count);
  }
});
