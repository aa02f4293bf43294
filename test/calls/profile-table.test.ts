import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createProfileTable, UNKNOWN_PROFILE } from '../../services/calls/profile-table.ts';
import type { Account } from '../../services/records/account.ts';

function version(updated_at: number, plan: string, account_id = 'account'): Account {
  return {
    account_id,
    created_at: 1,
    updated_at,
    organization_id: 'org',
    plan,
    payment_fingerprint: 'card',
    payment_bin: null,
    signup_ip: null,
    signup_device: null,
    email_domain: null,
    country: 'NL',
    reseller_id: null,
    verified: true,
    status: 'active',
  };
}

test('the version in force at a time is the last one not after it, in whatever order versions came', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 110 }),
      (times, asked) => {
        const table = createProfileTable();
        for (const time of times) table.apply(version(time, `plan-${time}`));
        const inForce = Math.max(...times.filter((time) => time <= asked), Number.NEGATIVE_INFINITY);
        const expected = Number.isFinite(inForce) ? inForce : Math.min(...times);
        assert.equal(table.profileAt('account', asked).plan, `plan-${expected}`);
      },
    ),
  );
});

test('of many versions the last eight are kept', () => {
  const table = createProfileTable();
  for (let time = 1; time <= 20; time++) table.apply(version(time, `plan-${time}`));
  assert.equal(table.profileAt('account', 20).plan, 'plan-20');
  assert.equal(table.profileAt('account', 13).plan, 'plan-13');
  assert.equal(table.profileAt('account', 5).plan, 'plan-13');
});

test('a version with the time of another takes its place', () => {
  const table = createProfileTable();
  table.apply(version(5, 'free'));
  table.apply(version(5, 'team'));
  assert.equal(table.profileAt('account', 5).plan, 'team');
});

test('a tombstone holds from its time on; earlier windows still know the account, and it can come back', () => {
  const table = createProfileTable();
  table.apply(version(5, 'team'));
  table.remove('account', 10);
  table.remove('nobody', 10);
  assert.equal(table.profileAt('account', 9).plan, 'team');
  assert.deepEqual(table.profileAt('account', 10), UNKNOWN_PROFILE);
  table.apply(version(20, 'free'));
  assert.equal(table.profileAt('account', 25).plan, 'free');
  assert.equal(table.size, 1);
});

test('an account nobody told of is unknown; a profile holds no payment and no address', () => {
  const table = createProfileTable();
  assert.deepEqual(table.profileAt('account', 1), UNKNOWN_PROFILE);
  table.apply(version(5, 'team'));
  assert.deepEqual(Object.keys(table.profileAt('account', 5)).sort(), Object.keys(UNKNOWN_PROFILE).sort());
});
