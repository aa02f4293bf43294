import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspectDependencies, isAllowed } from '../../../infra/dependencies/inspect.ts';
import { INSTALL_SCRIPTS } from '../../../infra/dependencies/policy.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('everything that is installed comes from npm by its hash, under a licence that may be used, and fetches nothing else', async () => {
  const { dependencies, problems } = await inspectDependencies(ROOT);
  assert.deepEqual(problems, []);
  assert.ok(dependencies.length > 100);
});

test('what breaks a rule is named, with what to do', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'stillwatch-dependencies-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const good = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' };
  const packages = {
    '': {},
    'node_modules/good': good,
    'node_modules/from-git': { ...good, resolved: 'git+ssh://git@example.org/x.git#1' },
    'node_modules/linked': { ...good, link: true },
    'node_modules/hashless': { version: '1.0.0', license: 'MIT' },
    'node_modules/a/node_modules/scripted': { ...good, hasInstallScript: true },
    'node_modules/copyleft': { ...good, license: 'AGPL-3.0-only' },
    'node_modules/silent': { version: '1.0.0', integrity: 'sha512-x' },
    'node_modules/old': { version: '1.0.0', integrity: 'sha512-x' },
    ...Object.fromEntries(
      Object.keys(INSTALL_SCRIPTS).map((name) => [`node_modules/${name}`, { ...good, hasInstallScript: true }]),
    ),
  };
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  await mkdir(join(root, 'node_modules/old'), { recursive: true });
  await writeFile(join(root, 'node_modules/old/package.json'), '{"licenses":[{"type":"MIT"},{"type":"ISC"}]}');
  const { problems } = await inspectDependencies(root);
  const expected = [
    /^from-git 1\.0\.0 does not come from the npm registry but from git\+ssh/,
    /^linked 1\.0\.0 does not come from the npm registry/,
    /^hashless 1\.0\.0 has no sha512/,
    /^scripted 1\.0\.0 runs something when it is installed/,
    /^copyleft 1\.0\.0 has the licence AGPL-3\.0-only/,
    /^silent 1\.0\.0 has the licence unknown/,
  ];
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const [i, pattern] of expected.entries()) assert.match(problems[i] ?? '', pattern);
});

test('of a choice of licences one is enough, of a sum all are needed', () => {
  assert.ok(isAllowed('(MIT OR GPL-3.0-only)') && isAllowed('MIT AND ISC'));
  assert.ok(!isAllowed('MIT AND GPL-3.0-only') && !isAllowed('SEE LICENSE IN LICENSE.txt') && !isAllowed(''));
});
