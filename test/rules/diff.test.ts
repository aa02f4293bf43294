import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { diffRules } from '../../services/rules/diff.ts';
import { parsed, RULES, TEXT } from './rules-text.ts';

test('modes, thresholds, severities and exceptions that differ are named with both values', () => {
  const entry = (value: string, owner: string) =>
    `  - { kind: cluster, value: ${value}, owner: ${owner}, reason: campus, expires: 2030-01-01 }`;
  const a = parsed(TEXT.replace('allow: []', `allow:\n${entry('c_1', 'kim')}\n${entry('c_2', 'kim')}`));
  const b = parsed(
    TEXT.replace('allow: []', `allow:\n${entry('c_3', 'lee')}\n${entry('c_1', 'lee')}`)
      .replace(/(rubric-grading:\n +mode: )on/, '$1shadow')
      .replace(
        'rubric_grading_share: [0.12, 0.35]',
        'rubric_grading_share: { percentile: [95, 99], at_least: [0.1, 0.2] }',
      )
      .replace(/page_from: [\d.]+/, 'page_from: 0.9'),
  );
  const of = (owner: string) => ({ owner, reason: 'campus', expires: '2030-01-01' });
  assert.deepEqual(diffRules(a, b), [
    { path: 'signatures.rubric-grading.mode', a: 'on', b: 'shadow' },
    {
      path: 'signatures.rubric-grading.thresholds.rubric_grading_share',
      a: [0.12, 0.35],
      b: { percentile: [95, 99], at_least: [0.1, 0.2] },
    },
    { path: 'alerts.page_from', a: 0.6, b: 0.9 },
    { path: 'allow.cluster:c_1', a: of('kim'), b: of('lee') },
    { path: 'allow.cluster:c_2', a: of('kim'), b: null },
    { path: 'allow.cluster:c_3', a: null, b: of('lee') },
  ]);
});

test('a signature that one leaves out differs, order and comments do not', () => {
  const without = parsed(TEXT.replace(/ {2}policy-rewrites:\n(?: {4}.*\n)+/, ''));
  assert.deepEqual(
    diffRules(RULES, without).map(({ path, b }) => [path, b]),
    [
      ['signatures.policy-rewrites.mode', null],
      ['signatures.policy-rewrites.thresholds.least_prompts', null],
      ['signatures.policy-rewrites.thresholds.policy_rewrite_share', null],
    ],
  );
  const { hash: _, ...file } = RULES;
  const reordered = parsed(
    stringify({ ...file, signatures: Object.fromEntries(Object.entries(file.signatures).reverse()) }),
  );
  assert.deepEqual(diffRules(RULES, reordered), []);
  assert.equal(reordered.hash, RULES.hash);
});
