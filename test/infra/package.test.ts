import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import packageLock from '../../package-lock.json' with { type: 'json' };

interface Locked {
  name?: string;
  version?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
}
/** By path, the package itself left out. */
const { '': _, ...locked }: Record<string, Locked> = packageLock.packages;
const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
/** What a build reads. */
const SOURCES = [
  'services',
  'schemas',
  'infra/build.ts',
  'infra/bin',
  'infra/rules',
  'infra/runbooks',
  'README.md',
  'LICENSE',
  'package.json',
  'tsconfig.json',
];
const OWN_NODE_FIRST = `${dirname(process.execPath)}:${process.env['PATH']}`;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-package-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Circumstances {
  umask: string;
  timeZone: string;
  locale: string;
  /** When everything was last changed. */
  changedAt: Date;
}

/** `npm pack` of a copy of the sources. Gives the file. */
async function pack(name: string, { umask, timeZone, locale, changedAt }: Circumstances): Promise<string> {
  const copy = join(folder, name);
  for (const source of SOURCES) await cp(join(ROOT, source), join(copy, source), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const mask = Number.parseInt(umask, 8);
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) await chmod(path, (path.endsWith('bin/stillwatch.mjs') ? 0o777 : 0o666) & ~mask);
    if (entry.isFile()) await utimes(path, changedAt, changedAt);
  }
  const to = join(folder, `${name} packed`);
  await mkdir(to);
  const environment = { ...process.env, PATH: OWN_NODE_FIRST, TZ: timeZone, LC_ALL: locale };
  const packing = 'umask "$1" && exec npm pack --silent --pack-destination "$2"';
  await run('sh', ['-c', packing, 'sh', umask, to], { cwd: copy, env: environment });
  const [file = ''] = await readdir(to);
  return join(to, file);
}

let packed: Promise<[here: string, there: string]> | null = null;
/** One after the other, so at different times too. */
async function packTwice(): Promise<[here: string, there: string]> {
  return [
    await pack('here', { umask: '022', timeZone: 'UTC', locale: 'C', changedAt: new Date() }),
    await pack('and there', {
      umask: '077',
      timeZone: 'Asia/Tokyo',
      locale: 'en_US.UTF-8',
      changedAt: new Date(0),
    }),
  ];
}
const packages = (): Promise<[here: string, there: string]> => {
  packed ??= packTwice();
  return packed;
};

const listOf = (file: string): string[] =>
  execFileSync('tar', ['tvzf', file], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } })
    .trim()
    .split('\n');

test('two builds hash alike: another folder, another time, another umask, time zone and locale', async () => {
  const [here, there] = await packages();
  // Before the hash, since it says what differs.
  assert.deepEqual(listOf(there), listOf(here));
  const hashOf = async (file: string): Promise<string> =>
    createHash('sha512')
      .update(await readFile(file))
      .digest('base64');
  assert.equal(await hashOf(there), await hashOf(here));
});

test('the package names no folder of whoever built it', async () => {
  const [here] = await packages();
  const content = execFileSync('tar', ['xzOf', here], { maxBuffer: 64 * 1024 * 1024 });
  assert.ok(content.includes('createProgram'), 'what is looked through is the code');
  for (const path of [folder, ROOT]) assert.ok(!content.includes(path), path);
});

/** The package as npm installs it in a folder, with what it needs at run time and nothing else; without scripts, so without the Node that one puts together. */
async function installedWithoutScripts(): Promise<string> {
  const [here] = await packages();
  const modules = join(folder, 'installed/node_modules');
  const own = join(modules, 'stillwatch');
  await mkdir(own, { recursive: true });
  execFileSync('tar', ['xzf', here, '--strip-components=1', '-C', own]);
  const shipped = Object.entries(locked).filter(
    ([path, { dev, optional }]) =>
      path !== 'node_modules/node' && dev !== true && optional !== true && !path.includes('/node_modules/'),
  );
  for (const [path] of shipped) {
    const to = join(modules, path.slice('node_modules/'.length));
    await mkdir(dirname(to), { recursive: true });
    await symlink(join(ROOT, path), to);
  }
  await mkdir(join(modules, 'node'));
  await cp(join(ROOT, 'node_modules/node/package.json'), join(modules, 'node/package.json'));
  return own;
}

test('installed without scripts and without what only development needs, it runs on the Node that is there', async () => {
  const own = await installedWithoutScripts();
  const traffic = join(folder, 'traffic');
  const stillwatch = (...args: string[]) => run(process.execPath, [join(own, 'infra/bin/stillwatch.mjs'), ...args]);
  await stillwatch('simulate', '--scenario', 'small', '--seed', '1', '--out', traffic, '--quiet');
  const given = ['--calls', join(traffic, 'calls.jsonl'), '--accounts', join(traffic, 'accounts.jsonl')];
  const { stdout } = await stillwatch('replay', ...given, '--out', join(folder, 'replayed'), '--json');
  const { calls_in, alerts } = JSON.parse(stdout);
  assert.ok(calls_in > 1_000 && alerts > 0, stdout);
});

test('where the Node that is there is too old and no other was installed, it says so and what to do', async () => {
  const own = join(folder, 'too old');
  await mkdir(join(own, 'node_modules/node'), { recursive: true });
  await cp(join(ROOT, 'infra/bin'), join(own, 'infra/bin'), { recursive: true });
  await cp(join(ROOT, 'infra/bootstrap.mjs'), join(own, 'infra/bootstrap.mjs'));
  await writeFile(join(own, 'node_modules/node/package.json'), '{"name":"node"}');
  await writeFile(join(own, 'package.json'), '{"dependencies":{"node":"99.1.0"}}');
  await writeFile(join(own, 'package-lock.json'), '{}');
  const launched = spawnSync(process.execPath, [join(own, 'infra/bin/stillwatch.mjs'), '--help'], { encoding: 'utf8' });
  assert.equal(launched.status, 1);
  assert.match(launched.stderr, /needs Node 99\.1\.0, and this is v\d.*without scripts.*`npm rebuild node`/);

  // An npm that installs what it may: nothing.
  await mkdir(join(own, 'bin'));
  await writeFile(join(own, 'bin/npm'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const begun = spawnSync(process.execPath, [join(own, 'infra/bootstrap.mjs'), 'x.ts'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(own, 'bin')}:${process.env['PATH']}` },
  });
  assert.equal(begun.status, 1);
  assert.match(begun.stderr, /ignore-scripts.*Node 99\.1\.0.*`npm rebuild node/);
  assert.ok(!existsSync(join(own, 'node_modules/.stillwatch-installed')), 'it is tried again the next time');
});

test('a clone whose packages were installed without scripts begins on a Node that is new enough', async () => {
  const own = join(folder, 'new enough');
  await mkdir(join(own, 'node_modules'), { recursive: true });
  await mkdir(join(own, 'infra'));
  await cp(join(ROOT, 'infra/bootstrap.mjs'), join(own, 'infra/bootstrap.mjs'));
  await writeFile(join(own, 'package.json'), JSON.stringify({ dependencies: packageJson.dependencies }));
  await writeFile(join(own, 'package-lock.json'), '{}');
  const stamp = createHash('sha256').update('{}').digest('hex');
  await writeFile(join(own, 'node_modules/.stillwatch-installed'), stamp);
  await writeFile(join(own, 'said.ts'), 'const said: string = process.version;\nconsole.log(said);\n');
  const { stdout } = await run(process.execPath, [join(own, 'infra/bootstrap.mjs'), 'said.ts']);
  assert.equal(stdout, `${process.version}\n`);
});

test('the bill of materials has every package of the lock file with its hash', async () => {
  const { stdout } = await run('npm', ['run', '-s', 'sbom'], { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  const bill: { components: { name: string; version: string; hashes?: { content: string }[] }[] } = JSON.parse(stdout);
  const listed = new Map(
    bill.components.map(({ name, version, hashes }) => [`${name}@${version}`, hashes?.[0]?.content]),
  );
  const all = Object.entries(locked);
  for (const [path, { name, version, integrity }] of all) {
    const what = `${name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`;
    const hash = Buffer.from(integrity?.replace('sha512-', '') ?? '', 'base64').toString('hex');
    assert.equal(listed.get(what), hash, what);
  }
  assert.ok(all.length > 100 && listed.size <= all.length);
});
