import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimit } from '../../../infra/clickhouse/limit.ts';
import { enginePackage } from '../../../infra/clickhouse/platform.ts';

const good = { platform: 'linux-x64', glibcVersion: '2.36', hasAvx2: true };

test('each platform that the engine is built for has its package', () => {
  assert.equal(enginePackage(good), '@chdb/lib-linux-x64-gnu');
  assert.equal(
    enginePackage({ platform: 'linux-arm64', glibcVersion: '2.36', hasAvx2: false }),
    '@chdb/lib-linux-arm64-gnu',
  );
  assert.equal(
    enginePackage({ platform: 'darwin-arm64', glibcVersion: null, hasAvx2: false }),
    '@chdb/lib-darwin-arm64',
  );
});

const lacks = [
  ['another platform', { ...good, platform: 'win32-x64' }, /not built for win32-x64/],
  ['no glibc', { ...good, glibcVersion: null }, /needs glibc/],
  ['no AVX2', { ...good, hasAvx2: false }, /needs a processor with AVX2/],
] as const;
for (const [what, machine, says] of lacks) {
  test(`${what} is an error that says what is missing and what to do instead`, () => {
    assert.throws(() => enginePackage(machine), says);
    assert.throws(() => enginePackage(machine), /set CLICKHOUSE_URL to a ClickHouse server of your own$/);
  });
}

test('a limit lets so many run, and the others in turn as these end, whether well or not', async () => {
  const limit = createLimit(2);
  const started: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const done = ends.map(({ promise }, i) =>
    limit(() => {
      started.push(i);
      return promise;
    }),
  );
  await Promise.resolve();
  assert.deepEqual(started, [0, 1]);
  ends[1]?.reject(new Error('failed'));
  await assert.rejects(done[1] ?? Promise.resolve());
  await Promise.resolve();
  assert.deepEqual(started, [0, 1, 2]);
  for (const i of [0, 2, 3]) ends[i]?.resolve();
  await Promise.all([done[0], done[2], done[3]]);
  assert.deepEqual(started, [0, 1, 2, 3]);
});
