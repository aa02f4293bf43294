import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseRules, type Rules } from '../../services/clusters/rules.ts';
import { SIGNATURE_NAMES } from '../../services/clusters/signatures/all.ts';

const text = readFileSync(new URL('../../infra/rules/stillwatch.yaml', import.meta.url), 'utf8');
const parsed = parseRules(text, SIGNATURE_NAMES);
assert.ok(parsed.ok);
const rules: Rules = parsed.rules;

test('mistakes in the rules are all reported at once, each with line and column', () => {
  const broken = text
    .replace('    mode: on', '    mode: maybe')
    .replace(/page_from: [\d.]+/, 'page_from: 8')
    .replace('rubric-grading:', 'rubric-gradin:');
  const result = parseRules(broken, SIGNATURE_NAMES);
  assert.ok(!result.ok);
  const lineOf = (needle: string): number => broken.split('\n').findIndex((line) => line.includes(needle)) + 1;
  assert.deepEqual(
    new Set(result.problems.map(({ line }) => line)),
    new Set([lineOf('maybe'), lineOf('page_from'), lineOf('rubric-gradin:') + 1]),
  );
});

test('the hash of the rules does not change with comments or order, and does with a threshold', () => {
  const hash = (changed: string): string => {
    const result = parseRules(changed, SIGNATURE_NAMES);
    assert.ok(result.ok);
    return result.rules.hash;
  };
  assert.equal(hash(`# another comment\n${text}`), rules.hash);
  assert.notEqual(hash(text.replace(/page_from: [\d.]+/, 'page_from: 0.811')), rules.hash);
});
