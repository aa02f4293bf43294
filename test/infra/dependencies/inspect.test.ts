import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspectDependencies, isAllowed } from '../../../infra/dependencies/inspect.ts';
import { FETCHED_NODES, INSTALL_SCRIPTS } from '../../../infra/dependencies/policy.ts';
import packageJson from '../../../package.json' with { type: 'json' };

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

test('the Node that an install script fetches has the hash that is known of it', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'stillwatch-dependencies-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const script = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT', hasInstallScript: true };
  const packages = Object.fromEntries(Object.keys(INSTALL_SCRIPTS).map((name) => [`node_modules/${name}`, script]));
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  const modules = join(root, 'node_modules/node/node_modules');
  await mkdir(modules, { recursive: true });
  const problemsOf = async (what: string, integrity: string): Promise<string[]> => {
    const [name, version] = what.split('@');
    const fetched = { [`node_modules/${name}`]: { version, integrity } };
    await writeFile(join(modules, '.package-lock.json'), JSON.stringify({ packages: fetched }));
    return (await inspectDependencies(root)).problems;
  };
  for (const [what, hash] of Object.entries(FETCHED_NODES)) {
    assert.equal(what.split('@')[1], packageJson.dependencies.node, 'it is the version that is installed');
    assert.deepEqual(await problemsOf(what, hash), []);
    assert.match((await problemsOf(what, 'sha512-other')).join(), /which runs everything, has the hash sha512-other/);
    assert.match((await problemsOf(what.replace(/@.*/, '@1.0.0'), hash)).join(), /@1\.0\.0, which runs everything/);
  }
});

test('of a choice of licences one is enough, of a sum all are needed', () => {
  assert.ok(isAllowed('(MIT OR GPL-3.0-only)') && isAllowed('MIT AND ISC'));
  assert.ok(!isAllowed('MIT AND GPL-3.0-only') && !isAllowed('SEE LICENSE IN LICENSE.txt') && !isAllowed(''));
});
