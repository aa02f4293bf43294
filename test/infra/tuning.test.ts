import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Command } from 'commander';
import { SIGNATURES } from '../../services/clusters/signatures/all.ts';
import { createProgram } from '../../services/command/program.ts';
import { alertSettings } from '../../services/rules/schema.ts';
import { stillwatch } from '../support/pipeline.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'infra/tuning.md'), 'utf8');
const VERDICT = readFileSync(join(ROOT, 'services/clusters/score/verdict.ts'), 'utf8');
/** Every command of the page: its words, without what is said about it. A note as `--note "of several words"` is one word. */
const COMMANDS = [...PAGE.matchAll(/^```\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .map((line) =>
    [...line.replace(/ +# .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? ''),
  );

/** The cells of each row of a table whose first cell is code: that code, and the rest. */
const ROWS = new Map(
  [...PAGE.matchAll(/^\| `([\w-]+)` +\| (.*) \|$/gm)].map(([, head = '', rest = '']) => [
    head,
    rest.split('|').map((cell) => cell.trim()),
  ]),
);

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-tuning-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('every setting, every signature with its thresholds, and every guard is on the page, with its value', () => {
  const guards = [...VERDICT.matchAll(/^const ([A-Z_]+) = ([\d.]+);$/gm)].map(([, name = '', value]) => [name, value]);
  assert.ok(guards.length > 8);
  for (const [name = '', value] of guards) assert.equal(ROWS.get(name)?.[0], value, name);
  for (const { name, facet, thresholds } of SIGNATURES)
    assert.deepEqual(ROWS.get(name), [facet, thresholds.map((threshold) => `\`${threshold}\``).join(', ')], name);
  const settings = Object.keys(alertSettings.shape);
  for (const name of settings) assert.ok(ROWS.has(name), name);
  assert.equal(ROWS.size, guards.length + SIGNATURES.length + settings.length);
});

/** The verb that the words name, and the words behind it. */
function verbOf(words: readonly string[]): { verb: Command; rest: readonly string[] } {
  let verb = createProgram();
  for (const [at, word] of words.entries()) {
    const inner = verb.commands.find((one) => one.name() === word);
    if (inner === undefined) return { verb, rest: words.slice(at) };
    verb = inner;
  }
  return { verb, rest: [] };
}

test('every command of the page exists, with its options', () => {
  const ours = COMMANDS.filter(([program]) => program === 'stillwatch');
  assert.ok(ours.length > 12);
  for (const [, ...words] of ours) {
    const { verb, rest } = verbOf(words);
    assert.equal(verb.commands.length, 0, `stillwatch ${words.join(' ')}`);
    // What it takes are the options of a script.
    if (verb.name() === 'evaluate') continue;
    for (const word of rest.filter((one) => one.startsWith('--')))
      assert.ok(
        verb.options.some(({ long }) => long === word),
        `stillwatch ${words.join(' ')}: ${word}`,
      );
  }
});

test('a change is tried as the page says, before anybody is told of it', async () => {
  const here = (word: string): string => word.replace(/^\/tmp\//, `${folder}/`).replace(/^infra\//, `${ROOT}/infra/`);
  const run = (name: string): Promise<string> => {
    const found = COMMANDS.find((words) => words.join(' ').startsWith(`stillwatch ${name}`)) ?? assert.fail(name);
    return stillwatch(found.slice(1).map(here));
  };
  const [copy, ...arguments_] = COMMANDS[0] ?? [];
  assert.deepEqual([copy, arguments_], ['cp', ['-r', 'infra/rules', '/tmp/rules']]);
  await cp(here('infra/rules'), here('/tmp/rules'), { recursive: true });
  const file = here('/tmp/rules/stillwatch.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/page_from: [\d.]+/, 'page_from: 1'));
  await run('rules lint');
  assert.match(await run('rules diff'), /page_from/);
  // That no page is left is what the cases are there to say.
  await assert.rejects(run('rules test'), (error: Error & { stdout?: string }) =>
    /FAIL .*a dispatched queue of reasoning prompts over linked accounts pages/.test(error.stdout ?? ''),
  );
  await run('simulate');
  assert.match(await run('backtest'), /^alerts: [1-9]\d* differ/m);
});
