import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../services/platform/config/load.ts';
import { SERVICES } from '../../services/run/services.ts';

const UNITS = join(import.meta.dirname, '../../infra/systemd');
const UNIT = join(UNITS, 'stillwatch@.service');
/** Where systemd's own units are. */
const SYSTEM = '/usr/lib/systemd/system';
const MISSING = 'there is no systemd-analyze here: the units were only read';

const hasSystemd = (): boolean => spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0;

/** A root of its own, in which what the units start is there. */
async function rootWithUnits(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'stillwatch-systemd-'));
  t.after(() => rm(root, { recursive: true }));
  await cp(SYSTEM, join(root, SYSTEM), { recursive: true, verbatimSymlinks: true });
  await cp(UNITS, join(root, 'etc/systemd/system'), { recursive: true });
  const text = await readFile(UNIT, 'utf8');
  const [, program = ''] = /^ExecStart=(\S+)/m.exec(text) ?? [];
  await mkdir(join(root, program, '..'), { recursive: true });
  await writeFile(join(root, program), '');
  await chmod(join(root, program), 0o755);
  return root;
}

test('systemd accepts the units of every service', async (t) => {
  if (!hasSystemd()) return t.skip(MISSING);
  const root = await rootWithUnits(t);
  const units = [...Object.keys(SERVICES).map((name) => `stillwatch@${name}.service`), 'stillwatch.target'];
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', `--root=${root}`, ...units], { encoding: 'utf8' });
  const ours = stderr.split('\n').filter((line) => line.includes('stillwatch'));
  assert.deepEqual([status, ours], [0, []]);
});

test('systemd finds that a service may do little', async (t) => {
  if (!hasSystemd()) return t.skip(MISSING);
  const root = await rootWithUnits(t);
  const { stdout } = spawnSync(
    'systemd-analyze',
    ['security', '--offline=true', `--root=${root}`, 'stillwatch@sink.service'],
    { encoding: 'utf8' },
  );
  const [, exposure = ''] = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout) ?? [];
  assert.ok(Number(exposure) > 0 && Number(exposure) <= 1.5, `exposure ${exposure}, from 0 to 10`);
});

test('what a unit sets are settings, secrets are given to it as files, and no two services want one port', async () => {
  const ports = new Set<string>();
  for (const entry of (await readdir(UNITS)).filter((name) => name.endsWith('.d'))) {
    const [, service = ''] = /^stillwatch@(\w+)\.service\.d$/.exec(entry) ?? [];
    assert.ok(service in SERVICES, entry);
    const text = await readFile(join(UNITS, entry, 'local.conf'), 'utf8');
    const environment: Record<string, string> = {};
    for (const [, line = ''] of text.matchAll(/^Environment=(.*)$/gm))
      for (const pair of line.split(' ')) {
        const at = pair.indexOf('=');
        environment[pair.slice(0, at)] = pair.slice(at + 1);
      }
    assert.doesNotThrow(() => loadConfig({ flags: {}, environment, file: null }), entry);
    const given = [...text.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, name = '']) => `%d/${name}`);
    // It comes as itself: notify too, for its silences.
    if (['sink', 'console', 'notify'].includes(service)) {
      assert.equal(environment['STILLWATCH_CLICKHOUSE_USERNAME'], service);
      assert.equal(environment['STILLWATCH_CLICKHOUSE_PASSWORD_FILE'], `%d/clickhouse-${service}`);
    }
    const read = Object.entries(environment).flatMap(([name, value]) => (name.endsWith('_FILE') ? [value] : []));
    assert.deepEqual(read.sort(), given.sort(), entry);
    const port = environment['STILLWATCH_HTTP_PORT'] ?? '';
    assert.ok(port !== '' && !ports.has(port), `${entry}: port ${port}`);
    ports.add(port);
  }
});
