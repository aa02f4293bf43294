import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintRules } from '../../services/rules/lint.ts';
import type { RulesProblem } from '../../services/rules/problem.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import { parsed, RULES, TEXT } from './rules-text.ts';

const NOW = Date.UTC(2026, 5, 1);
const lint = (text: string): RulesProblem[] => lintRules(text, VOCABULARY, NOW);

/** 1-based place of the needle's first occurrence. */
function placeOf(text: string, needle: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const mistakes: { what: string; from: string | RegExp; to: string; at: string; says: RegExp }[] = [
  {
    what: 'a misspelt mode',
    from: '    mode: on',
    to: '    mode: onn',
    at: 'onn',
    says: /on \| shadow \| off.*did you mean on\?/,
  },
  {
    what: 'a misspelt signature',
    from: '  rubric-grading:',
    to: '  rubric-gradin:',
    at: 'rubric-gradin',
    says: /did you mean rubric-grading\?/,
  },
  {
    what: 'a misspelt threshold, which no signature would ever read',
    from: 'evenness_gini',
    to: 'eveness_gini',
    at: 'eveness_gini',
    says: /hydra-load-balancing reads no threshold.*did you mean evenness_gini\?/,
  },
  { what: 'a misspelt key', from: 'page_from', to: 'page_form', at: 'page_form', says: /did you mean page_from\?/ },
  { what: 'a misspelt section', from: '\nallow:', to: '\nalow:', at: 'alow', says: /did you mean allow\?/ },
  { what: 'a value out of its range', from: /page_from: [\d.]+/, to: 'page_from: 8.25', at: '8.25', says: /<=1/ },
  {
    what: 'a range where an amount belongs',
    from: /least_accounts: \d+/,
    to: 'least_accounts: [8, 9]',
    at: '[8, 9]',
    says: /expected a number/,
  },
  {
    what: 'a percentile of what has no baseline',
    from: /evenness_gini: .*/,
    to: 'evenness_gini: { percentile: 5 }',
    at: '{ percentile: 5 }',
    says: /no baseline is kept/,
  },
  {
    what: 'an exception without an end',
    from: 'allow: []',
    to: 'allow:\n  - { kind: account, value: a, owner: o, reason: r }',
    at: '{ kind: account',
    says: /is missing/,
  },
  {
    what: 'an AS that is no number',
    from: 'allow: []',
    to: 'allow:\n  - { kind: asn, value: Acme, owner: o, reason: r, expires: 2026-12-31 }',
    at: 'Acme',
    says: /AS64500/,
  },
  { what: 'text that is not YAML', from: 'version: 1', to: 'version: [1', at: 'signatures', says: /./ },
];

for (const { what, from, to, at, says } of mistakes) {
  test(`${what} is an error at its line and column`, () => {
    const text = TEXT.replace(from, to);
    assert.notEqual(text, TEXT);
    const errors = lint(text).filter(({ severity }) => severity === 'error');
    const place = placeOf(text, at);
    const found = errors.find(({ message }) => says.test(message));
    assert.ok(found, JSON.stringify(errors));
    if (what !== 'text that is not YAML') assert.deepEqual({ line: found.line, column: found.column }, place);
  });
}

test('mistakes are all reported at once, in the order of the file', () => {
  const text = TEXT.replace('    mode: on', '    mode: maybe')
    .replace(/page_from: [\d.]+/, 'page_from: 8')
    .replace('  rubric-grading:', '  rubric-gradin:');
  const lines = lint(text).map(({ line }) => line);
  assert.deepEqual(
    lines,
    [...lines].sort((a, b) => a - b),
  );
  for (const needle of ['maybe', 'page_from: 8', 'rubric-gradin:'])
    assert.ok(lines.includes(placeOf(text, needle).line));
});

test('the rules that come with stillwatch have neither errors nor warnings', () => {
  assert.deepEqual(lint(TEXT), []);
});

test('an exception that has ended, a masked attribute and a signature that is left out are warnings', () => {
  const text = TEXT.replace(
    'allow: []',
    'allow:\n  - { kind: account, value: a, owner: o, reason: r, expires: 2026-05-31 }\n  - { kind: attribute, value: "client:d6d837…", owner: o, reason: r, expires: 2027-01-01 }',
  ).replace(/ {2}rubric-grading:\n(?: {4}.*\n)+/, '');
  const found = lint(text);
  assert.ok(found.every(({ severity }) => severity === 'warning'));
  for (const says of [/ended on 2026-05-31: ask o/, /is masked/, /rubric-grading is not mentioned/])
    assert.ok(
      found.some(({ message }) => says.test(message)),
      String(says),
    );
});

test('the hash does not change with comments or order, and does with a threshold', () => {
  assert.equal(parsed(`# another comment\n${TEXT}`).hash, RULES.hash);
  assert.notEqual(parsed(TEXT.replace(/page_from: [\d.]+/, 'page_from: 0.8125')).hash, RULES.hash);
});
