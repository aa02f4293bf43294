import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Check, ok, runChecks, skipped } from '../../services/doctor/check.ts';
import { StillwatchError } from '../../services/platform/errors.ts';

const check = (name: string, look: Check['look'], needs: string[] = []): Check => ({
  name,
  needs,
  mend: 'look there',
  look,
});
const broken = check('kafka', async () => {
  throw new StillwatchError('KAFKA_UNREACHABLE', 'Kafka does not answer', 'start it');
});

test('what a check throws is a finding, with what mends it apart from what was found', async () => {
  assert.deepEqual(await runChecks([broken], 1_000), [
    { name: 'kafka', outcome: 'fail', what: 'Kafka does not answer', mend: 'start it' },
  ]);
});

test('what is thrown without a hint is mended by what the check itself says', async () => {
  const missing = check('rules', async () => {
    throw new Error('ENOENT: no such file');
  });
  assert.deepEqual(await runChecks([missing], 1_000), [
    { name: 'rules', outcome: 'fail', what: 'ENOENT: no such file', mend: 'look there' },
  ]);
});

test('a check whose need has failed or was skipped is skipped, others are made', async () => {
  const results = await runChecks(
    [
      broken,
      check('topics', async () => ok('all there'), ['kafka']),
      check('lag', async () => ok('none'), ['topics']),
      check('rules', async () => ok('fine')),
    ],
    1_000,
  );
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['fail', 'skipped', 'skipped', 'ok'],
  );
});

test('a warning, and what is not used, hold up no other check', async () => {
  const results = await runChecks(
    [
      check('tables', async () => ({ outcome: 'warn', what: 'old', mend: 'migrate' })),
      check('rows', async () => ok('some'), ['tables']),
      check('registry', async () => skipped('none is set')),
    ],
    1_000,
  );
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['warn', 'ok', 'skipped'],
  );
});

test('a check that hangs is a finding after its time', async () => {
  const [result] = await runChecks([check('kafka', () => new Promise(() => {}))], 20);
  assert.equal(result?.outcome, 'fail');
  assert.match(result?.what ?? '', /no answer within 0.02 s/);
});
