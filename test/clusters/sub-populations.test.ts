import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SubGroup } from '../../services/clusters/score/groups.ts';
import {
  areOthersSettled,
  isMixed,
  isOneActor,
  separateGroups,
} from '../../services/clusters/score/sub-populations.ts';
import type { Share } from '../../services/clusters/share-limits.ts';

const LEAST = 5;
const HARVESTS_FROM = 0.13;

function separate(
  counts: { product?: number; agentic?: number; other?: number; undecided?: number },
  {
    before = [],
    shared = 3,
    quiet = { part: 0, whole: 0 },
    strangers = false,
  }: { before?: readonly SubGroup[]; shared?: number | null; quiet?: Share; strangers?: boolean } = {},
): SubGroup[] {
  const share = (accounts: number | undefined, marked: Share = { part: 0, whole: 0 }) => ({
    accounts: accounts ?? 0,
    marked,
    accountsPerTemplate: shared,
  });
  return separateGroups(
    {
      product: share(counts.product),
      agentic: share(counts.agentic),
      other: share(counts.other),
      undecided: share(counts.undecided, quiet),
    },
    before,
    { leastAccounts: LEAST, harvestsFrom: HARVESTS_FROM, areStrangersIn: strangers },
  );
}

test('six harvesters in a pool of forty are a sub-population', () => {
  assert.deepEqual(separate({ product: 6, other: 34 }), ['product']);
});
test('a campaign is judged whole, also while little is known of most of its accounts', () => {
  assert.deepEqual(separate({ product: 50, other: 4 }), []);
  assert.deepEqual(separate({ product: 6, undecided: 54 }), []);
});
test('accounts too quiet to be decided on are known together: a reseller of quiet people is taken apart, a campaign of quiet accounts is not', () => {
  const counts = { product: 6, undecided: 34 };
  assert.deepEqual(separate(counts, { quiet: { part: 15, whole: 300 } }), ['product']);
  assert.deepEqual(separate(counts, { quiet: { part: 90, whole: 300 } }), []);
  assert.deepEqual(separate(counts, { quiet: { part: 1, whole: 20 } }), [], 'twenty prompts say nothing yet');
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

test('where strangers have come in, those known to harvest answer for themselves, however many they are', () => {
  assert.deepEqual(separate({ product: 120, undecided: 40 }, { strangers: true }), ['product']);
  assert.deepEqual(separate({ product: 120, other: 20 }, { strangers: true }), ['product']);
  assert.deepEqual(separate({ product: 120, undecided: 4 }, { strangers: true }), [], 'four are nobody');
  assert.deepEqual(separate({ product: 120, undecided: 40 }, { strangers: true, shared: 1 }), []);
});

test('a cluster is mixed where some harvest and more than a few others do not, as far as is known', () => {
  const share = (accounts: number) => ({ accounts, marked: { part: 0, whole: 0 }, accountsPerTemplate: null });
  const mixed = (product: number, undecided: number) =>
    isMixed({ product: share(product), agentic: share(0), other: share(0), undecided: share(undecided) });
  assert.equal(mixed(0, 20), false);
  assert.equal(mixed(4, 10), true);
  assert.equal(mixed(17, 3), false);
});

test('the others are settled when each has sent as many prompts as tell a harvester', () => {
  const share = (accounts: number, whole: number) => ({
    accounts,
    marked: { part: 0, whole },
    accountsPerTemplate: null,
  });
  const settled = (prompts: number): boolean =>
    areOthersSettled({
      product: share(10, 0),
      agentic: share(0, 0),
      other: share(5, 75),
      undecided: share(10, prompts),
    });
  assert.equal(settled(149), false);
  assert.equal(settled(150), true);
});

test('a cluster of which nobody is known yet is one actor when most must harvest, or when all have been heard for long', () => {
  const share = (accounts: number, part = 0, whole = 0) => ({
    accounts,
    marked: { part, whole },
    accountsPerTemplate: null,
  });
  const oneActor = (part: number, whole: number): boolean =>
    isOneActor(
      { product: share(0), agentic: share(0), other: share(0), undecided: share(87, part, whole) },
      HARVESTS_FROM,
    );
  // A reseller of whose accounts a third harvests, after two hours, and a campaign without any other traffic.
  assert.equal(oneActor(87, 294), false);
  assert.equal(oneActor(180, 294), true);
  assert.equal(oneActor(300, 15 * 87), true);
  assert.equal(oneActor(0, 0), true, 'without text');
});
