import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REQUIREMENTS } from './asvs-requirements.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'infra/security/asvs.md'), 'utf8');
const VERDICTS = ['met', 'not applicable', 'deployment', 'not met'] as const;
/** Of what is between backticks: a file of the repository, and no command, setting or route. */
const FILE = /^(services|test|infra|schemas)\/|^[\w.]+\.(md|json)$/;

interface Row {
  ids: string[];
  verdict: string;
  /** The files that it cites. */
  files: string[];
  /** What it says about them, or instead. */
  reason: string;
}

const ROWS: Row[] = PAGE.split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [ids = '', , verdict = '', shown = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    const files = [...shown.matchAll(/`([^`]+)`/g)]
      .map(([, quoted = '']) => quoted)
      .filter((quoted) => FILE.test(quoted));
    return { ids: ids.split(', '), verdict, files, reason: shown };
  });

test('the requirements are all those of the standard', () => {
  const counts = [1, 2, 3].map((level) => REQUIREMENTS.filter((one) => one.level === level).length);
  assert.deepEqual(counts, [70, 183, 92]);
});

test('each requirement of levels 1 and 2 is on the page once, under its chapter, and nothing else is', () => {
  const wanted = REQUIREMENTS.filter(({ level }) => level < 3).map(({ id }) => id);
  assert.deepEqual(ROWS.flatMap(({ ids }) => ids).sort(), wanted.sort());
  for (const [, chapter = '', rows = ''] of PAGE.matchAll(/^## V(\d+) .*\n([^#]*)/gm))
    for (const [, id = ''] of rows.matchAll(/^\| (\d+)\./gm)) assert.equal(id, chapter);
});

test('each verdict is one of the four, and as often as the page says', () => {
  for (const verdict of VERDICTS) {
    const [, said] = new RegExp(`^\\| ${verdict} +\\| (\\d+) `, 'm').exec(PAGE) ?? [];
    const rows = ROWS.filter((row) => row.verdict === verdict);
    assert.equal(Number(said), rows.flatMap(({ ids }) => ids).length, verdict);
  }
  for (const { ids, verdict } of ROWS)
    assert.ok(
      VERDICTS.some((one) => one === verdict),
      `${ids}: ${verdict}`,
    );
});

test('each file that is cited exists; what is met is shown by one, for the rest there is a reason', () => {
  for (const { ids, verdict, files, reason } of ROWS) {
    for (const file of files) assert.ok(existsSync(join(ROOT, file)), `${ids}: ${file}`);
    if (verdict === 'met') assert.ok(files.length > 0, `${ids} is met, and nothing shows it`);
    else assert.match(reason, /[a-z]{3}/, `${ids}`);
  }
  assert.ok(ROWS.flatMap(({ files }) => files).length > 150);
});
