import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';
import { writeSimulation } from '../../services/simulate/write.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-simulate-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const scenario = createScenario('small', { days: 0.25 });

function records(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the written files', () => {
  it('are byte-identical for the same seed and differ for another', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name));
    await writeSimulation({ out: a ?? '', scenario, seed: 1 });
    await writeSimulation({ out: b ?? '', scenario, seed: 1 });
    await writeSimulation({ out: c ?? '', scenario, seed: 2 });
    const names = await readdir(a ?? '');
    assert.deepEqual(names.sort(), ['accounts.jsonl', 'calls.jsonl', 'scenario.json', 'truth.jsonl']);
    for (const name of names) {
      const first = await readFile(join(a ?? '', name));
      assert.ok(first.equals(await readFile(join(b ?? '', name))), `${name} differs between two runs of seed 1`);
      assert.ok(!first.equals(await readFile(join(c ?? '', name))), `${name} is the same for seeds 1 and 2`);
    }
  });

  it('hold exactly the simulated records, absent meaning null, times in milliseconds', async () => {
    const out = join(folder, 'exact');
    const result = await writeSimulation({ out, scenario, seed: 1 });
    const expected = [...simulate(scenario, 1).calls];
    const written = records(await readFile(join(out, 'calls.jsonl'), 'utf8'));
    assert.equal(written.length, expected.length);
    assert.equal(result.calls, expected.length);
    for (const [index, call] of expected.entries()) {
      assert.deepEqual(written[index], Object.fromEntries(Object.entries(call).filter(([, value]) => value !== null)));
    }
    assert.equal(typeof written[0]?.['occurred_at'], 'number');
  });

  it('are the same traffic by day and compressed', async () => {
    const long = createScenario('small', { days: 1.5, scale: 0.3 });
    await writeSimulation({ out: join(folder, 'one'), scenario: long, seed: 1 });
    const { files } = await writeSimulation({
      out: join(folder, 'days'),
      scenario: long,
      seed: 1,
      perDay: true,
      gzip: true,
    });
    const days = files.filter((file) => file.includes('calls-'));
    assert.deepEqual(
      days.map((file) => file.slice(file.lastIndexOf('/') + 1)),
      ['calls-2026-04-22.jsonl.gz', 'calls-2026-04-23.jsonl.gz'],
    );
    const parts = await Promise.all(days.map(async (file) => gunzipSync(await readFile(file)).toString('utf8')));
    assert.equal(parts.join(''), await readFile(join(folder, 'one', 'calls.jsonl'), 'utf8'));
  });
});

function runCommand(
  args: readonly string[],
): Promise<{ code: number | string | null | undefined; stdout: string; stderr: string }> {
  const main = join(import.meta.dirname, '../../services/main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'simulate', ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

describe('stillwatch simulate', () => {
  it('writes the files and says which', async () => {
    const out = join(folder, 'command');
    const { code, stdout } = await runCommand([
      '--scenario',
      'small',
      '--seed',
      '3',
      '--days',
      '0.1',
      '--scale',
      '0.5',
      '--text',
      'none',
      '--gzip',
      '--out',
      out,
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /calls and \d+ account versions of scenario small, seed 3/);
    assert.deepEqual((await readdir(out)).sort(), [
      'accounts.jsonl.gz',
      'calls.jsonl.gz',
      'scenario.json',
      'truth.jsonl.gz',
    ]);
    assert.doesNotMatch(gunzipSync(await readFile(join(out, 'calls.jsonl.gz'))).toString(), /prompt_text/);
  });

  it('ends with exit code 2 and a sentence on wrong use', async () => {
    const wrong: [string[], RegExp][] = [
      [['--scenario', 'nope', '--out', folder], /Allowed choices are demo, small/],
      [['--seed', '-1', '--out', folder], /whole number/],
      [['--days', 'many', '--out', folder], /positive number/],
      [['--scenario', 'small'], /required option '--out <folder>'/],
    ];
    for (const [args, message] of wrong) {
      const { code, stderr } = await runCommand(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, message);
    }
  });

  it('ends with exit code 1 when the files cannot be written, and shows no progress where there is no terminal', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const { code, stderr } = await runCommand(['--scenario', 'small', '--out', join(folder, 'a-file', 'x')]);
    assert.equal(code, 1);
    assert.match(stderr, /^stillwatch: cannot write to .*a-file.*What to do: check --out[^\n]*\n$/);
  });
});
