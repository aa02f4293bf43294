import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { harvestLevel, levelFrom } from '../../services/clusters/harvest-limits.ts';
import { activitiesIn, GROUPS, subActivityOf } from '../../services/clusters/score/groups.ts';
import {
  ACTIVITIES,
  activitiesOf,
  PRODUCT_LEVELS,
  SUB_ACTIVITIES,
  subActivitiesOf,
} from '../../services/records/subject-window.ts';

test('where customers hardly ever ask for training data, or nobody is known yet, the lowest level is a harvest', () => {
  assert.equal(harvestLevel(null), 'product');
  assert.equal(harvestLevel(0.03), 'product');
});

test('a campaign of one account in twenty that is not linked yet does not raise it', () => {
  assert.equal(harvestLevel(0.95 * 0.03 + 0.05), 'product');
});

test('the more customers ask for, the more it takes', () => {
  assert.deepEqual(
    [0.1, 0.13, 0.17, 0.2, 0.3].map((mean) => harvestLevel(mean)),
    ['product-20', 'product-30', 'product-40', 'product-60', 'product-60'],
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
      const [less, more] = a <= b ? [a, b] : [b, a];
      assert.ok(levelFrom(harvestLevel(less)) <= levelFrom(harvestLevel(more)));
    }),
  );
});

test('a level is left for a higher one at once, for a lower one only when that surely does', () => {
  assert.equal(harvestLevel(0.13, 'product-20'), 'product-30');
  assert.equal(harvestLevel(0.13, 'product-40'), 'product-40');
  assert.equal(harvestLevel(0.12, 'product-40'), 'product-30');
  assert.equal(harvestLevel(0.02, 'product-60'), 'product');
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, fc.constantFrom(...PRODUCT_LEVELS), (mean, before) => {
      const level = harvestLevel(mean, before);
      assert.ok(levelFrom(level) >= levelFrom(harvestLevel(mean)), 'never lower than without it');
      assert.equal(harvestLevel(mean, level), level, 'and stays while the mean does');
    }),
  );
});

test('every activity is in exactly one group, at every level', () => {
  for (const level of PRODUCT_LEVELS)
    assert.deepEqual(GROUPS.flatMap((group) => activitiesIn(group, level)).sort(), [...ACTIVITIES].sort());
});

test('who is below the level is not known to harvest, and not known not to', () => {
  assert.ok(activitiesIn('undecided', 'product-30').includes('product-20'));
  assert.deepEqual(activitiesIn('undecided', 'product'), ['undecided']);
});

test('an account is told of as a member of every sub-population that could be judged by itself with it', () => {
  for (const sub of SUB_ACTIVITIES)
    for (const activity of ACTIVITIES)
      assert.equal(activitiesOf(sub).includes(activity), subActivitiesOf(activity).includes(sub));
  for (const level of PRODUCT_LEVELS)
    assert.deepEqual(activitiesIn('product', level), activitiesOf(subActivityOf('product', level)));
});
