import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateAccount } from '../../services/calls/validate-account.ts';
import type { Account } from '../../services/records/account.ts';
import { ACCOUNT, BOUNDS } from './samples.ts';

function refusal(change: Partial<Account>): string | null {
  const violation = validateAccount({ ...ACCOUNT, ...change }, BOUNDS);
  return violation === null ? null : `${violation.field} ${violation.reason}`;
}

test('an ordinary account is valid, also one older than the traffic', () => {
  assert.equal(refusal({}), null);
  assert.equal(refusal({ created_at: 1 }), null);
});

test('a plan or a status that nobody has thought of yet is valid', () =>
  assert.equal(refusal({ plan: 'student', status: 'under_review' }), null));

test('account_id, plan and status must be there', () => {
  for (const field of ['account_id', 'plan', 'status']) {
    assert.equal(refusal({ [field]: '' }), `${field} missing_field`);
    assert.equal(refusal({ [field]: 'x'.repeat(257) }), `${field} too_long`);
  }
});

test('times of the future or before 1970 are refused', () => {
  for (const field of ['created_at', 'updated_at']) {
    assert.equal(refusal({ [field]: BOUNDS.latest }), null);
    for (const time of [BOUNDS.latest + 1, -1, Number.NaN, 1.5])
      assert.equal(refusal({ [field]: time }), `${field} timestamp_out_of_range`);
  }
});

test('optional texts are bounded, printable and text', () => {
  for (const field of [
    'organization_id',
    'payment_fingerprint',
    'payment_bin',
    'signup_ip',
    'signup_device',
    'email_domain',
    'country',
    'reseller_id',
  ]) {
    assert.equal(refusal({ [field]: null }), null);
    assert.equal(refusal({ [field]: 'x'.repeat(1_025) }), `${field} too_long`);
    assert.equal(refusal({ [field]: '\n' }), `${field} control_character`);
    assert.equal(refusal({ [field]: '\udfff' }), `${field} not_well_formed`);
    assert.equal(refusal({ [field]: 7 }), `${field} wrong_type`);
  }
  assert.equal(refusal({ verified: null }), null);
});
