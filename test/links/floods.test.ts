import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LINK_SETTINGS } from '../../services/links/settings.ts';
import { createSignups } from '../../services/links/signups.ts';
import { HOUR, MINUTE } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { account, createLinks, type Links, names, registered, START, seen } from './world.ts';

const bounded = (mostAccounts: number): Links =>
  createLinks(createTrackedTables(), { ...DEFAULT_LINK_SETTINGS, mostAccounts });

test('above the bound an account is refused and counted; those that are known are linked as before', () => {
  const ring = names('ring', 4);
  const step = bounded(10);
  step.feed(ring.map((id) => registered(account(id, { payment_fingerprint: 'pay_shared' }))));
  step.watermark(START - MINUTE);
  const flood = names('flood', 100);
  step.feed(flood.map((id) => seen(id, START + MINUTE, [{ kind: 'egress_ip', value: `10.0.0.${id}` }])));
  step.feed(ring.map((id) => seen(id, START + 2 * MINUTE, [{ kind: 'client', value: 'c' }])));
  step.watermark(START + HOUR);
  assert.equal(step.counts.get('refused.account'), 94);
  assert.equal(step.clusters().size, 4);
});

test('an account with more addresses than are kept loses the oldest, and that is counted', () => {
  const step = bounded(10);
  for (let minute = 1; minute <= 10; minute++) {
    const values = Array.from({ length: 30 }, (_, i) => ({ kind: 'egress_ip' as const, value: `10.${minute}.0.${i}` }));
    step.feed([seen('one', START + minute * MINUTE, values)]);
  }
  step.watermark(START + HOUR);
  assert.equal(step.counts.get('evicted.egress_ip'), 300 - DEFAULT_LINK_SETTINGS.mostValues);
});

test('of kinds of sign-up that somebody makes up the rarest are forgotten and counted, and what is usual is still known', () => {
  const tables = createTrackedTables();
  let evicted = 0;
  const signups = createSignups(tables, (kinds) => {
    evicted += kinds;
  });
  const signUp = (number: number, email_domain: string): string[] =>
    signups.add(account(`acct_${number}`, { created_at: START + number * 1_000, email_domain, signup_ip: null }));
  let batches: string[] = [];
  for (let number = 0; number < 2_000; number++) batches = signUp(number, 'gmail.com');
  for (let number = 2_000; number < 132_000; number++) signUp(number, `made-up-${number}.example`);
  const size = tables.table('signup_kinds').size;
  assert.ok(size <= 100_000, `${size}`);
  assert.ok(evicted >= 30_000, `${evicted}`);
  assert.ok(batches.length > 0);
  for (const batch of batches) assert.ok(signups.expected(batch, 1) > 1, 'a busy kind is still expected to be busy');
});
