import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinsOf } from '../../services/console/joins.ts';

const attribute = fc.tuple(fc.constantFrom('client', 'payment_bin'), fc.integer({ min: 0, max: 14 }).map(String));
const sets = fc.uniqueArray(
  fc.record({
    attributes: fc.uniqueArray(attribute, { maxLength: 6, selector: (pair) => pair.join(' ') }),
    accounts: fc.integer({ min: 1, max: 5_000 }),
  }),
  { maxLength: 60, selector: ({ attributes }) => JSON.stringify(attributes) },
);

test('however many accounts and attributes there are, the picture is small and counts every account once', () => {
  fc.assert(
    fc.property(sets, (given) => {
      const joins = joinsOf(given);
      const total = given.reduce((sum, { accounts }) => sum + accounts, 0);
      assert.ok(joins.attributes.length <= 10 && joins.groups.length <= 10);
      assert.equal(joins.accounts, total);
      assert.equal(
        joins.groups.reduce((sum, { accounts }) => sum + accounts, 0),
        total,
      );
      const distinct = new Set(given.flatMap(({ attributes }) => attributes.map((pair) => pair.join(' '))));
      assert.equal(joins.attributes.length + joins.further, distinct.size);
      for (const { kind, attribute: value, accounts } of joins.attributes)
        assert.equal(
          accounts,
          given
            .filter(({ attributes }) => attributes.some((pair) => pair[0] === kind && pair[1] === value))
            .reduce((sum, set) => sum + set.accounts, 0),
        );
    }),
  );
});

test('accounts that share the same attributes are one group, the largest first', () => {
  const card: [string, string] = ['payment_fingerprint', 'pf_1'];
  const client: [string, string] = ['client', 'b4'];
  const joins = joinsOf([
    { attributes: [card], accounts: 3 },
    { attributes: [client, card], accounts: 40 },
    { attributes: [], accounts: 2 },
  ]);
  assert.deepEqual(joins, {
    accounts: 45,
    attributes: [
      { kind: 'payment_fingerprint', attribute: 'pf_1', accounts: 43 },
      { kind: 'client', attribute: 'b4', accounts: 40 },
    ],
    groups: [
      { attributes: [0, 1], accounts: 40 },
      { attributes: [0], accounts: 3 },
      { attributes: [], accounts: 2 },
    ],
    further: 0,
    hasRest: false,
  });
});
