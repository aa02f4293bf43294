import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judge } from '../../services/clusters/score/verdict.ts';
import { SIGNATURES } from '../../services/clusters/signatures/all.ts';
import type { Facet } from '../../services/clusters/signatures/signature.ts';
import type { ResolvedRules } from '../../services/rules/resolve.ts';
import { type Drawn, shippedRules, view } from './signatures/support.ts';

const rules = shippedRules();
const LOUD = 5_000;

const POOL = {
  evenness_excess: 0.05,
  evenness_gini: 0.1,
  arrival_dispersion: 1,
  active_share: 0.95,
  hours_active_share: 1,
};
const QUEUE = { enumerated_share: 0.8, fresh_filling_share: 0.99, near_duplicate_share: 0.8 };
const REASONING = { chain_of_thought_share: 0.5, product_share: 0.5, product_enumeration_share: 0.5 };
const RELAY = { user_agents_per_account: 0.05, tls_per_account: 0.05, top_client_share: 0.95, hosting_share: 0.7 };
const SWEEP = {
  mix_divergence: 0.5,
  mix_divergence_significance: 0.98,
  agentic_share: 0.85,
  top_category_share: 0.9,
};
const PIVOT = { new_model_share: 0.5, new_model_excess: 0.4 };
const PEOPLE = { evenness_excess: 2, evenness_gini: 0.6, arrival_dispersion: 4, active_share: 0.4 };

function severityOf(drawn: Drawn, callsThisHour = 500): string {
  const { verdict, severity } = judge(view(drawn), rules, callsThisHour);
  return verdict === null ? 'none' : `${verdict} ${severity}`;
}

test('a pool that works off a queue of reasoning prompts pages', () => {
  assert.equal(severityOf({ features: { ...POOL, ...QUEUE, ...REASONING, ...RELAY } }), 'harvesting page');
});

test('agentic coding without a marker pages where pool, queue, sweep, relay and pivot agree', () => {
  assert.equal(severityOf({ features: { ...POOL, ...QUEUE, ...SWEEP, ...RELAY, ...PIVOT } }), 'harvesting page');
});

test('one customer who hides nothing is not accused of working a queue off that is unlike the others: of training data he is', () => {
  const bureau = { ...POOL, ...QUEUE, ...SWEEP, ...RELAY, ...PIVOT };
  assert.equal(severityOf({ features: bureau, samePayer: 0.7 }), 'harvesting page');
  assert.equal(severityOf({ features: bureau, samePayer: 0.9 }), 'coordinated_pool info');
  assert.equal(severityOf({ features: { ...bureau, ...REASONING }, samePayer: 0.9 }), 'harvesting page');
});

test('articles that a queue orders are no harvest, however unlike the others’ work they are', () => {
  const articles = { ...POOL, ...QUEUE, ...SWEEP, ...RELAY, agentic_share: 0 };
  // Somebody should look, in the morning: it is a series of nobody who says who he is.
  assert.equal(severityOf({ features: articles }), 'coordinated_pool ticket');
  assert.equal(severityOf({ features: articles, samePayer: 0.9 }), 'coordinated_pool info');
});

test('a pool that only resells is information: the templates of many applications are no series', () => {
  assert.equal(severityOf({ features: { ...POOL, ...RELAY } }), 'coordinated_pool info');
});

test('what the customers of a pool ask for one by one is no harvest: only a series, several answers for each prompt, or most of all is', () => {
  const asked = { chain_of_thought_share: 0.3, product_share: 0.3 };
  const pool = { ...POOL, ...RELAY, ...asked };
  assert.equal(severityOf({ features: { ...pool, product_enumeration_share: 0.05 } }), 'harvesting ticket');
  assert.equal(severityOf({ features: { ...pool, product_enumeration_share: 0.1 } }), 'harvesting page');
  assert.equal(severityOf({ features: { ...pool, repeated_sampling_share: 0.3 } }), 'harvesting page');
  assert.equal(
    severityOf({ features: { ...pool, chain_of_thought_share: 0.5, product_share: 0.5 } }),
    'harvesting page',
  );
});

test('a small pool shows by chance what its customers do not mean: a harvest must be sure of its share', () => {
  const features = { ...POOL, ...QUEUE, ...RELAY, chain_of_thought_share: 0.25, product_share: 0.25 };
  assert.match(severityOf({ features, prompts: 70 }), /pool/);
  assert.match(severityOf({ features, prompts: 700 }), /harvesting/);
});

test('where customers ask for much, it takes more to be a harvest', () => {
  const features = { ...POOL, ...QUEUE, ...RELAY, ...REASONING, product_share: 0.3, chain_of_thought_share: 0.3 };
  assert.match(severityOf({ features, mean: 0.02 }), /page/);
  assert.match(severityOf({ features, mean: 0.15 }), /pool/);
});

test('a pool that only resells is a pool, whatever relay it uses', () => {
  const features = { ...POOL, ...RELAY, nonstandard_client_share: 1, enumerated_share: 0.15, mix_divergence: 0.05 };
  assert.equal(severityOf({ features }), 'coordinated_pool info');
});

test('build machines do not page: a queue from a data centre, but in bursts and uneven', () => {
  const features = { ...QUEUE, ...SWEEP, ...RELAY, ...PEOPLE, nonstandard_client_share: 1 };
  assert.doesNotMatch(severityOf({ features, accounts: 20 }), /page/);
});

test('a benchmark on launch day does not page: unrelated teams with clients of their own', () => {
  const features = { ...QUEUE, ...PIVOT, ...REASONING, ...PEOPLE, user_agents_per_account: 0.8, top_client_share: 0.4 };
  assert.doesNotMatch(severityOf({ features, accounts: 12 }), /page/);
});

test('programmers behind one editor do not page: a sweep from one client, and nobody works as one', () => {
  assert.doesNotMatch(severityOf({ features: { ...SWEEP, ...RELAY, ...PEOPLE } }), /page/);
});

const PLAIN: Drawn = {
  features: {
    ...QUEUE,
    ...REASONING,
    nonstandard_client_share: 1,
    top_client_share: 1,
    calls_per_account: 3_000,
    hours_active_share: 1,
    hours_active: 24,
  },
  subjectType: 'account',
  accounts: 1,
};

test('one customer who labels data in bulk is not accused, however much', () => {
  const drawn: Drawn = {
    features: {
      ...QUEUE,
      ...REASONING,
      rubric_grading_share: 0.9,
      nonstandard_client_share: 0,
      top_client_share: 1,
      hours_active_share: 1,
      hours_active: 24,
    },
    subjectType: 'account',
    accounts: 1,
  };
  assert.equal(severityOf(drawn, 50_000), 'none');
});

test('a few loud accounts are the plain case too, though too few to show structure', () => {
  assert.equal(severityOf({ ...PLAIN, subjectType: 'cluster', accounts: 5 }, LOUD), 'harvesting page');
});

test('the plain case: one very loud account, hour after hour, through a non-standard client, asking for reasoning', () => {
  assert.equal(severityOf(PLAIN, LOUD), 'harvesting page');
});

test('of a verified customer that names its organization the plain case is a ticket: a judge or labeller in bulk looks the same', () => {
  assert.equal(severityOf({ ...PLAIN, isDeclared: true }, LOUD), 'harvesting ticket');
});

test('the plain case is not one when it is quiet, or over within a night', () => {
  assert.equal(severityOf(PLAIN, 100), 'none');
  assert.equal(severityOf({ ...PLAIN, features: { ...PLAIN.features, hours_active: 9 } }, LOUD), 'none');
});

/** Every feature of the signatures of these facets as high, or as low, as it counts. */
function saturated(facets: readonly Facet[]): Record<string, number> {
  const features: Record<string, number> = {};
  for (const { name, facet } of SIGNATURES) {
    for (const [feature, threshold] of Object.entries(rules.signatures[name]?.thresholds ?? {})) {
      if (typeof threshold === 'number') continue;
      const [from, to] = threshold;
      features[feature] ??= from;
      if (facets.includes(facet)) features[feature] = to;
    }
  }
  return features;
}

test('no amount of linkage pages: structure and access alone', () => {
  assert.match(severityOf({ features: saturated(['structure', 'access']) }, LOUD), /^coordinated_pool (info|ticket)$/);
});

test('no amount of content pages: product, queue and sweep without structure', () => {
  const features = { ...saturated(['product', 'enumeration', 'capability']), ...PEOPLE };
  assert.doesNotMatch(severityOf({ features }, LOUD), /page/);
});

test('the guards hold for any weights', () => {
  const weight = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.record({ structure: weight, access: weight, novelty: weight, enumeration: weight }), (weights) => {
      const heavy: ResolvedRules = { ...rules, confidence: { ...rules.confidence, ...weights, intercept: 0 } };
      const features = saturated(['structure', 'access', 'novelty', 'enumeration']);
      assert.equal(judge(view({ features }), heavy, LOUD).verdict, 'coordinated_pool');
    }),
    { seed: 4 },
  );
});

/** Even dispatch, a relay, and a fifth or less of the prompts marked: what every reseller may come to whose customers teach. */
const TEACHERS = {
  ...POOL,
  ...RELAY,
  enumerated_share: 0.25,
  near_duplicate_share: 0.4,
  fresh_filling_share: 0.99,
  rubric_grading_share: 0.17,
  chain_of_thought_share: 0.1,
  product_share: 0.19,
  product_enumeration_share: 0.15,
};
const SURE: ResolvedRules = { ...rules, confidence: { ...rules.confidence, intercept: 100 } };

test('a cluster as a whole is not accused of what some of its customers ask, however sure the weights are', () => {
  assert.equal(judge(view({ features: TEACHERS }), SURE, 500).verdict, 'coordinated_pool');
  assert.equal(judge(view({ features: { ...TEACHERS, ...REASONING } }), SURE, 500).verdict, 'harvesting');
});

test('one client and even dispatch do not make a page of marked prompts that are few: the weights keep a margin below the guard', () => {
  const { confidence } = judge(view({ features: TEACHERS }), rules, 500);
  assert.ok(confidence < rules.alerts.page_from, String(confidence));
});

test('half of the markers missed makes it less sure and does not hide it', () => {
  const half = Object.fromEntries(Object.entries(REASONING).map(([name, value]) => [name, value / 2]));
  const all = judge(view({ features: { ...POOL, ...QUEUE, ...REASONING, ...RELAY } }), rules, 500);
  const missed = judge(view({ features: { ...POOL, ...QUEUE, ...half, ...RELAY } }), rules, 500);
  assert.ok(missed.confidence < all.confidence);
  assert.equal(missed.severity, 'page');
});

test('a signature in shadow is scored and does not count', () => {
  const shadow: ResolvedRules = {
    ...rules,
    signatures: Object.fromEntries(
      Object.entries(rules.signatures).map(([name, rule]) => [name, rule && { ...rule, mode: 'shadow' as const }]),
    ),
  };
  const judgement = judge(view({ features: { ...POOL, ...QUEUE, ...REASONING, ...RELAY } }), shadow, 500);
  assert.equal(judgement.verdict, null);
  assert.deepEqual(judgement.signatures, []);
  assert.ok(judgement.shadow.some(({ name, score }) => name === 'template-enumeration' && score > 0.8));
});
