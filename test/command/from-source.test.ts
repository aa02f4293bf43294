import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import packed from '../../package.json' with { type: 'json' };
import type { SourceScript } from '../../services/command/from-source.ts';
import { stillwatch } from '../support/pipeline.ts';

const SERVICES = new URL('../../services/', import.meta.url);
let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'stillwatch-from-source-'));
  await writeFile(join(root, 'there.mjs'), 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(7);');
});
after(() => rm(root, { recursive: true, force: true }));

/** The command over a script of this test, in a process of its own: it hands on its output and ends as it does. */
function run(script: string, args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const given: SourceScript = { name: 'demo', description: 'd', script, example: '', exitCodes: '' };
  const module = new URL('command/from-source.ts', SERVICES).href;
  const source = `import { sourceCommand } from '${module}'; await sourceCommand(${JSON.stringify(given)}, ${JSON.stringify(root)}).parseAsync(process.argv.slice(1), { from: 'user' });`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', source, '--', ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

test('the script gets everything behind the name, and the command ends as it does', async () => {
  const { code, stdout } = await run('there.mjs', ['--once', '--seed', '3', 'x']);
  assert.deepEqual(JSON.parse(stdout), ['--once', '--seed', '3', 'x']);
  assert.equal(code, 7);
});

test('where there is no source tree it says so, and what to do', async () => {
  const { code, stderr } = await run('infra/local/demo.ts', []);
  assert.equal(code, 1);
  assert.match(stderr, /runs from a source tree, and this is an installed package\. What to do: .*npm run demo/);
});

test('what is run is what npm runs, and the package has none of it', async () => {
  assert.equal(packed.scripts.demo, 'node infra/bootstrap.mjs infra/local/demo.ts');
  assert.equal(packed.scripts.evaluate, 'node infra/bootstrap.mjs test/evaluate/run.ts');
  for (const script of ['infra/local/demo.ts', 'test/evaluate/run.ts']) {
    assert.ok(existsSync(new URL(`../${script}`, SERVICES)), script);
    assert.ok(!packed.files.some((file) => `dist/${script}`.startsWith(`${file}/`)), script);
  }
  assert.match(await stillwatch(['evaluate', '--', '--help']), /^Usage: evaluate[\s\S]*--quick/);
});
