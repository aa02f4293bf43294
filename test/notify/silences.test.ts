import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import type { EffectiveSilence } from '../../services/feedback/silences.ts';
import { createSilences } from '../../services/notify/silences.ts';

const NOW = Date.UTC(2026, 3, 23);
const silence = (over: Partial<EffectiveSilence>): EffectiveSilence => ({
  silence_id: 's',
  target_type: 'alert',
  target_id: 'a_c_1',
  starts_at_ms: NOW,
  ends_at_ms: NOW + 60_000,
  idle_ms: 0,
  until_ms: NOW + 60_000,
  end_cause: 'time',
  kept_back: 0,
  author: 'kim',
  reason: 'known',
  ...over,
});
const ofCluster = { alert_id: 'a_c_1', subject_type: 'cluster', subject_id: 'c_1' } as const;
const ofPart = { alert_id: 'a_c_1~product', subject_type: 'cluster', subject_id: 'c_1~product' } as const;
const ofAccount = { alert_id: 'a_acct_1', subject_type: 'account', subject_id: 'acct_1' } as const;

async function knowing(silences: EffectiveSilence[]) {
  const known = createSilences({
    read: async () => silences,
    wereRead: () => {},
    log: pino({ level: 'silent' }),
    every: 60_000,
  });
  await known.start();
  await known.stop();
  return known;
}

test('a silence of an alert covers that alert, one of a cluster every alert about it or a part of it', async () => {
  const one = await knowing([silence({})]);
  assert.deepEqual(
    [ofCluster, ofPart, ofAccount].map((alert) => one.covers(alert, NOW)),
    [true, false, false],
  );
  const whole = await knowing([silence({ target_type: 'cluster', target_id: 'c_1' })]);
  assert.deepEqual(
    [ofCluster, ofPart, ofAccount].map((alert) => whole.covers(alert, NOW)),
    [true, true, false],
  );
});

test('it begins at its time, and ends when it ends in effect, which may be before it was set to', async () => {
  const { covers } = await knowing([silence({ ends_at_ms: NOW + 90_000, end_cause: 'idle' })]);
  assert.deepEqual(
    [NOW - 1, NOW, NOW + 59_999, NOW + 60_000].map((at) => covers(ofCluster, at)),
    [false, true, true, false],
  );
});

test('while they cannot be read those known stay in force, and it is said once; only a reading counts as one', async () => {
  const lines: string[] = [];
  let readings = 0;
  const log = pino({}, { write: (line) => lines.push(line) });
  const answers: (() => EffectiveSilence[])[] = [() => [silence({})]];
  let asked = Promise.withResolvers<void>();
  const away = (): never => {
    throw new Error('away');
  };
  const read = async (): Promise<EffectiveSilence[]> => {
    asked.resolve();
    asked = Promise.withResolvers();
    return (answers.shift() ?? away)();
  };
  const silences = createSilences({ read, wereRead: () => readings++, log, every: 1 });
  await silences.start();
  for (let reading = 0; reading < 3; reading++) await asked.promise;
  assert.equal(silences.covers(ofCluster, NOW), true);
  await silences.stop();
  assert.equal(lines.filter((line) => line.includes('cannot be read')).length, 1);
  assert.equal(readings, 1);
});

test('what is not known is told, and a database that does not answer keeps nobody waiting', async () => {
  const answer = Promise.withResolvers<EffectiveSilence[]>();
  const silences = createSilences({
    read: () => answer.promise,
    wereRead: () => {},
    log: pino({ level: 'silent' }),
    every: 60_000,
  });
  await silences.start();
  assert.equal(silences.covers(ofCluster, NOW), false);
  answer.resolve([silence({})]);
  await silences.stop();
  assert.equal(silences.covers(ofCluster, NOW), true);
});
