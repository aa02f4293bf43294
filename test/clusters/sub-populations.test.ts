import assert from 'node:assert/strict';
import { test } from 'node:test';
import { separateActivities } from '../../services/clusters/score/sub-populations.ts';
import type { SubActivity } from '../../services/records/subject-window.ts';

const LEAST = 5;

function separate(
  counts: { product?: number; agentic?: number; other?: number; undecided?: number },
  { before = [], shared = 3 }: { before?: readonly SubActivity[]; shared?: number | null } = {},
): SubActivity[] {
  const share = (accounts: number | undefined) => ({ accounts: accounts ?? 0, accountsPerTemplate: shared });
  return separateActivities(
    {
      product: share(counts.product),
      agentic: share(counts.agentic),
      other: share(counts.other),
      undecided: share(counts.undecided),
    },
    before,
    LEAST,
  );
}

test('six harvesters in a pool of forty are a sub-population', () => {
  assert.deepEqual(separate({ product: 6, other: 34 }), ['product']);
});
test('a campaign is judged whole, also while little is known of most of its accounts', () => {
  assert.deepEqual(separate({ product: 50, other: 4 }), []);
  assert.deepEqual(separate({ product: 6, undecided: 54 }), []);
});
test('harvesters beside agents, who are customers too, are one', () => {
  assert.deepEqual(separate({ product: 6, agentic: 30, other: 4 }), ['product']);
});
test('agents beside others are one, but not where they and the harvesters are nearly everybody', () => {
  assert.deepEqual(separate({ agentic: 10, other: 30 }), ['agentic']);
  assert.deepEqual(separate({ product: 60, agentic: 20, other: 5 }), []);
});
test('fewer than five are nobody', () => {
  assert.deepEqual(separate({ product: 4, other: 36 }), []);
});
test('customers who happen to ask for similar things in wordings of their own are no sub-population', () => {
  assert.deepEqual(separate({ product: 8, other: 30 }, { shared: 1 }), []);
});
test('without text nothing is known of wordings, and tools decide', () => {
  assert.deepEqual(separate({ agentic: 10, other: 30 }, { shared: null }), ['agentic']);
});
test('an account more or less does not change who is judged', () => {
  assert.deepEqual(separate({ product: 75, other: 25 }), []);
  assert.deepEqual(separate({ product: 75, other: 25 }, { before: ['product'] }), ['product']);
  assert.deepEqual(separate({ product: 85, other: 15 }, { before: ['product'] }), []);
});
