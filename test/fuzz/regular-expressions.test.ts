import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addPatterns, type FoundPatterns, type Pattern, patternsOfServices } from './patterns.ts';

// Its own JavaScript engine: the same everywhere, and no process beside this one. It reads this when it is loaded.
process.env['RECHECK_BACKEND'] = 'pure';
const { checkSync } = await import('recheck');

/** What is wrong with a pattern: null when its time grows with the length of the text and not with a power of it. */
function complaint({ source, flags }: Pattern): string | null {
  const found = checkSync(source, flags, { timeout: null });
  if (found.status === 'safe') return null;
  return found.status === 'vulnerable'
    ? `${found.complexity.summary}, for instance ${found.attack.pattern}`
    : `nobody can tell: ${found.error.kind}`;
}

test('every regular expression in the services takes time in proportion to the text', async () => {
  const { patterns } = await patternsOfServices();
  assert.ok(patterns.length > 50, `${patterns.length} patterns were found`);
  const complaints = patterns.flatMap((pattern) => {
    const why = complaint(pattern);
    return why === null ? [] : [`${pattern.file}: /${pattern.source}/${pattern.flags}: ${why}`];
  });
  assert.deepEqual(complaints, []);
});

test('none is made at run time, of text that this test cannot see', async () => {
  const { madeAtRunTime } = await patternsOfServices();
  assert.deepEqual(madeAtRunTime, []);
});

test('a bomb is found, wherever it is written', () => {
  const found: FoundPatterns = { patterns: [], madeAtRunTime: [] };
  addPatterns(found, 'x.ts', 'const a: RegExp = /^(a+)+$/; const b = (text: string) => text.replace(/\\s+$/, "");');
  addPatterns(found, 'y.tsx', 'export const schema = { pattern: "^(x|x)*$" }; const c = <p>{new RegExp(b)}</p>;');
  assert.deepEqual(
    found.patterns.map((pattern) => complaint(pattern) !== null),
    [true, true, true],
  );
  assert.deepEqual(found.madeAtRunTime, ['y.tsx']);
});
