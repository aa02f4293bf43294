import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { confidenceOf, facetScores, NO_FACETS } from '../../services/clusters/score/confidence.ts';
import { FACETS } from '../../services/clusters/signatures/signature.ts';
import { shippedRules } from './signatures/support.ts';

const weights = shippedRules().confidence;

test('several weak signs of one facet add up, and never pass one', () => {
  const one = facetScores([{ facet: 'product', score: 0.4 }]);
  const three = facetScores(Array.from({ length: 3 }, () => ({ facet: 'product' as const, score: 0.4 })));
  assert.equal(one.product, 0.4);
  assert.ok(three.product > 0.7 && three.product < 1);
});

test('the order of the signatures does not matter beyond rounding', () => {
  const scores = [0.1, 0.5, 0.9].map((score) => ({ facet: 'access' as const, score }));
  assert.ok(Math.abs(facetScores(scores).access - facetScores([...scores].reverse()).access) < 1e-12);
});

test('more evidence is never less confidence', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  const facets = fc.record({
    structure: score,
    enumeration: score,
    product: score,
    capability: score,
    access: score,
    novelty: score,
  });
  fc.assert(
    fc.property(facets, fc.constantFrom(...FACETS), score, (before, facet, more) => {
      const after = { ...before, [facet]: Math.max(before[facet], more) };
      assert.ok(confidenceOf(after, weights) >= confidenceOf(before, weights));
    }),
    { seed: 4 },
  );
});

test('nothing seen is next to no confidence, and no facet alone comes near a page', () => {
  const { page_from } = shippedRules().alerts;
  assert.ok(confidenceOf(NO_FACETS, weights) < 0.05);
  for (const facet of FACETS) assert.ok(confidenceOf({ ...NO_FACETS, [facet]: 1 }, weights) < page_from / 2, facet);
});
