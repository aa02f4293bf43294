import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { judge } from '../../services/clusters/score/verdict.ts';
import { SIGNATURE_NAMES, SIGNATURES } from '../../services/clusters/signatures/all.ts';
import type { SubjectView } from '../../services/clusters/signatures/signature.ts';
import { parseRules } from '../../services/rules/parse.ts';
import { type ResolvedRules, resolveRules } from '../../services/rules/resolve.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';

const text = readFileSync(new URL('../../infra/rules/stillwatch.yaml', import.meta.url), 'utf8');
const parsed = parseRules(text, VOCABULARY);
assert.ok(parsed.ok);
const rules = resolveRules(parsed.rules, () => null);

interface Drawn {
  features: Record<string, number>;
  usual?: number;
  accounts?: number;
  prompts?: number;
  calls?: number;
  subjectType?: SubjectView['subjectType'];
}

function view({
  features,
  usual = 0,
  accounts = 40,
  prompts = 500,
  calls = 500,
  subjectType = 'cluster',
}: Drawn): SubjectView {
  return {
    subjectType,
    features: new Map(Object.entries(features)),
    prompts,
    calls,
    accounts,
    place: () => ({ percentile: 50, usual, note: '' }),
  };
}

function score(name: string, drawn: Drawn): number | null {
  const signature = SIGNATURES.find((candidate) => candidate.name === name);
  assert.ok(signature);
  const result = signature.evaluate(view(drawn), rules.signatures[name]?.thresholds ?? {});
  if (result === null) return null;
  const sum = result.features.reduce((total, { contribution }) => total + contribution, 0);
  assert.ok(Math.abs(sum - result.score) < 1e-9, 'contributions add up to the score');
  return result.score;
}

const cases: { name: string; positive: Drawn; nearMiss: Drawn; tooLittle: Drawn }[] = [
  {
    name: 'hydra-load-balancing',
    positive: { features: { evenness_gini: 0.1, arrival_dispersion: 1, active_share: 0.9 } },
    nearMiss: { features: { evenness_gini: 0.7, arrival_dispersion: 4, active_share: 0.3 } },
    tooLittle: { features: { evenness_gini: 0.1 }, accounts: 3 },
  },
  {
    name: 'chain-of-thought-elicitation',
    positive: { features: { chain_of_thought_share: 0.5 }, usual: 0.05 },
    nearMiss: { features: { chain_of_thought_share: 0.5 }, usual: 0.4 },
    tooLittle: { features: { chain_of_thought_share: 1 }, prompts: 10 },
  },
  {
    name: 'template-enumeration',
    positive: { features: { enumerated_share: 0.8, fresh_filling_share: 0.99 } },
    nearMiss: { features: { enumerated_share: 0.1, fresh_filling_share: 1 } },
    tooLittle: { features: { enumerated_share: 1, fresh_filling_share: 1 }, prompts: 10 },
  },
  {
    name: 'rubric-grading',
    positive: { features: { rubric_grading_share: 0.5 }, usual: 0.02 },
    nearMiss: { features: { rubric_grading_share: 0.05 }, usual: 0.01 },
    tooLittle: { features: { rubric_grading_share: 1 }, prompts: 10 },
  },
  {
    name: 'instruction-generation',
    positive: { features: { instruction_generation_share: 0.5 }, usual: 0.02 },
    nearMiss: { features: { instruction_generation_share: 0.05 }, usual: 0.01 },
    tooLittle: { features: { instruction_generation_share: 1 }, prompts: 10 },
  },
  {
    name: 'nonstandard-client-repetition',
    positive: { features: { nonstandard_client_share: 0.95, top_client_share: 0.95, enumerated_share: 0.8 } },
    nearMiss: { features: { nonstandard_client_share: 0.1, top_client_share: 0.95, enumerated_share: 0.8 } },
    tooLittle: { features: { nonstandard_client_share: 1, top_client_share: 1, enumerated_share: 1 }, calls: 20 },
  },
];

test('every signature has a positive and a near miss here', () => {
  assert.deepEqual(cases.map(({ name }) => name).sort(), [...SIGNATURE_NAMES].sort());
});
for (const { name, positive, nearMiss, tooLittle } of cases) {
  test(`${name} fires on its traffic, not on the near miss, and says nothing of too little`, () => {
    assert.ok((score(name, positive) ?? 0) >= 0.9);
    assert.ok((score(name, nearMiss) ?? 1) <= 0.1);
    assert.equal(score(name, tooLittle), null);
  });
}

const HARVEST = { enumerated_share: 0.8, fresh_filling_share: 0.99, chain_of_thought_share: 0.5 };
const POOL = { evenness_gini: 0.1, arrival_dispersion: 1, active_share: 0.9 };

test('a linked cluster that works off a queue of reasoning prompts pages', () => {
  const { verdict, severity } = judge(view({ features: { ...HARVEST, ...POOL } }), rules, 500);
  assert.deepEqual([verdict, severity], ['harvesting', 'page']);
});

test('linkage alone never pages', () => {
  const { verdict, severity } = judge(view({ features: POOL }), rules, 500);
  assert.deepEqual([verdict, severity], ['coordinated_pool', 'info']);
});

test('one customer who labels data in bulk is not accused, however much', () => {
  const { verdict } = judge(
    view({
      features: { ...HARVEST, rubric_grading_share: 0.9, nonstandard_client_share: 0, top_client_share: 1 },
      subjectType: 'account',
      accounts: 1,
    }),
    rules,
    50_000,
  );
  assert.equal(verdict, null);
});

test('the plain case: one very loud account through a non-standard client, repetitive and asking for reasoning', () => {
  const features = { ...HARVEST, nonstandard_client_share: 1, top_client_share: 1 };
  assert.equal(judge(view({ features, subjectType: 'account', accounts: 1 }), rules, 5_000).verdict, 'harvesting');
  assert.equal(judge(view({ features, subjectType: 'account', accounts: 1 }), rules, 100).verdict, null);
});

test('a signature in shadow is scored and does not count', () => {
  const shadow: ResolvedRules = {
    ...rules,
    signatures: {
      ...rules.signatures,
      'template-enumeration': {
        mode: 'shadow',
        thresholds: rules.signatures['template-enumeration']?.thresholds ?? {},
      },
    },
  };
  const judgement = judge(view({ features: { ...HARVEST, ...POOL } }), shadow, 500);
  assert.equal(judgement.verdict, 'coordinated_pool');
  assert.deepEqual(
    judgement.shadow.map(({ name }) => name),
    ['template-enumeration'],
  );
});
