import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { coverageOf, isCovered } from '../../services/rules/cases/coverage.ts';
import { runFeatureCase } from '../../services/rules/cases/feature-case.ts';
import { readCases } from '../../services/rules/cases/read.ts';
import type { FeatureCase } from '../../services/rules/cases/schema.ts';
import { parsed, RULES, TEXT } from './rules-text.ts';

function featureCase(body: string): FeatureCase {
  const read = readCases(`rules: x\ntests:\n  - ${body.replaceAll('\n', '\n    ')}`);
  assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.problems));
  const [one] = read.cases.tests;
  assert.ok(one !== undefined && 'features' in one);
  return one;
}

const QUEUE = `name: queue
subject: { accounts: 40, calls: 500 }
features:
  # Linked accounts that work as one ...
  evenness_excess: 0.05
  evenness_gini: 0.1
  arrival_dispersion: 1
  active_share: 0.95
  hours_active_share: 1
  # ... through one client ...
  user_agents_per_account: 0.05
  tls_per_account: 0.05
  top_client_share: 0.95
  hosting_share: 0.7
  # ... a queue of reasoning prompts off.
  enumerated_share: 0.8
  near_duplicate_share: 0.8
  fresh_filling_share: 0.99
  chain_of_thought_share: 0.5
  product_share: 0.5
  product_enumeration_share: 0.5`;

test('what is not as expected is said with both; what nothing is expected of is not asked', () => {
  const one = featureCase(
    `${QUEUE}\nexpect: { verdict: none, severity: page, confidence: [0, 0.1], signatures: { rubric-grading: [0.5, 1], proxy: [0, 1] } }`,
  );
  const found = runFeatureCase(one, RULES);
  assert.deepEqual(
    found.map(({ what, expected }) => [what, expected]),
    [
      ['verdict', 'none'],
      ['confidence', '0 to 0.1'],
      ['signatures.rubric-grading', '0.5 to 1'],
      ['signatures.proxy', '0 to 1'],
    ],
  );
  assert.equal(found[0]?.found, 'harvesting');
  assert.equal(found.at(-1)?.found, 'not scored');
  assert.deepEqual(runFeatureCase({ ...one, expect: {} }, RULES), []);
});

test('a percentile threshold is placed in the cohort that the case describes', () => {
  const rules = parsed(TEXT.replace(/chain_of_thought_share: \[.*\]/, 'chain_of_thought_share: { percentile: 95 }'));
  const at = (p95: number): FeatureCase =>
    featureCase(
      `${QUEUE}\ncohort: { chain_of_thought_share: { percentiles: { 95: ${p95} } } }\nexpect: { signatures: { chain-of-thought-elicitation: [1, 1] } }`,
    );
  assert.deepEqual(runFeatureCase(at(0.4), rules), []);
  assert.equal(runFeatureCase(at(0.6), rules).length, 1);
});

test('an exception that covers the subject is named, and nothing is said of it', () => {
  const rules = parsed(
    TEXT.replace('allow: []', 'allow:\n  - { kind: cluster, value: c_test, owner: o, reason: r, expires: 2026-06-01 }'),
  );
  const one = featureCase(`${QUEUE}\nat: 2026-05-31T23:00:00Z\nexpect: { verdict: none, excused_by: cluster }`);
  assert.deepEqual(runFeatureCase(one, rules), []);
  assert.equal(runFeatureCase({ ...one, at: '2026-06-01T00:00:00Z' }, rules).length, 2);
});

test('mistakes in a test file are errors with their place', () => {
  const read = readCases(`rules: x\ntests:\n  - ${QUEUE.replaceAll('\n', '\n    ')}\n    expect: { verdit: none }\n`);
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map(({ line, column }) => [line, column]),
    [[QUEUE.split('\n').length + 3, 15]],
  );
});

test('the verdicts and scores that come with stillwatch hold, and leave no signature and no severity out', () => {
  const tests = ['verdicts', 'signatures'].flatMap((name) => {
    const read = readCases(readFileSync(new URL(`../../infra/rules/tests/${name}.yaml`, import.meta.url), 'utf8'));
    assert.ok(read.ok);
    return read.cases.tests;
  });
  for (const one of tests) if ('features' in one) assert.deepEqual(runFeatureCase(one, RULES), [], one.name);
  assert.deepEqual(
    coverageOf(RULES, tests).filter((coverage) => !isCovered(coverage)),
    [],
  );
});

test('covered is what one case wants and another does not, of signatures that are not off', () => {
  const rules = parsed(TEXT.replace(/(model-pivot:\n +mode: )on/, '$1off'));
  const cases = [
    featureCase(
      `${QUEUE}\nexpect: { severity: ticket, signatures: { rubric-grading: [0.5, 1], proxy-churn: [0, 0] } }`,
    ),
    featureCase(`${QUEUE}\nexpect: { severity: none, signatures: { rubric-grading: [0, 0], proxy-churn: [0, 0.2] } }`),
  ];
  const counted = new Map(coverageOf(rules, cases).map((coverage) => [coverage.name, coverage]));
  const of = (name: string) => [counted.get(name)?.positive, counted.get(name)?.negative];
  assert.deepEqual(of('rubric-grading'), [1, 1]);
  assert.deepEqual(of('proxy-churn'), [0, 1], 'a range that holds both says nothing');
  assert.deepEqual(of('ticket'), [1, 1]);
  assert.deepEqual(of('page'), [0, 2]);
  assert.deepEqual(of('info'), [0, 1]);
  assert.equal(counted.has('model-pivot'), false);
  assert.deepEqual(
    [...counted.values()].filter(isCovered).map(({ name }) => name),
    ['rubric-grading', 'ticket'],
  );
});
