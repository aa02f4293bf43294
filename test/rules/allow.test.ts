import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AllowSubject, coveringEntry } from '../../services/rules/allow.ts';
import type { AllowEntry } from '../../services/rules/schema.ts';
import { entry } from './allow-entry.ts';
import { RULES } from './rules-text.ts';

const TIME = Date.UTC(2026, 5, 1);
const cluster = (over: Partial<AllowSubject> = {}): AllowSubject => ({
  type: 'cluster',
  id: 'c_1',
  organization: null,
  accountCount: 40,
  accounts: ['a', 'b'],
  evidence: [],
  asns: [],
  ...over,
});
const covers = (subject: AllowSubject, ...allow: AllowEntry[]): boolean =>
  coveringEntry({ ...RULES, allow }, subject, TIME) !== null;

test('an account, a cluster and an organization are covered by their name', () => {
  assert.ok(covers(cluster(), entry('cluster', 'c_1')));
  assert.ok(!covers(cluster(), entry('cluster', 'c_2')));
  const account = cluster({ type: 'account', id: 'a', organization: 'org', accountCount: 1, accounts: ['a'] });
  assert.ok(covers(account, entry('account', 'a')));
  assert.ok(covers(account, entry('organization', 'org')));
  assert.ok(!covers(account, entry('cluster', 'a')));
});

test('it holds until the first second of the day on which it ends, in event time', () => {
  assert.ok(covers(cluster(), entry('cluster', 'c_1', '2026-06-02')));
  assert.ok(!covers(cluster(), entry('cluster', 'c_1', '2026-06-01')));
});

test('one allowed account does not hide a cluster; all of them do', () => {
  assert.ok(!covers(cluster(), entry('account', 'a'), entry('account', 'b')), 'only two of forty are known');
  const small = cluster({ accountCount: 2 });
  assert.ok(!covers(small, entry('account', 'a')));
  assert.ok(covers(small, entry('account', 'a'), entry('account', 'b')));
});

test('an AS covers who calls from nowhere else', () => {
  assert.ok(covers(cluster({ asns: ['64500'] }), entry('asn', 'AS64500')));
  assert.ok(covers(cluster({ asns: ['64500', '64501'] }), entry('asn', 'AS64500'), entry('asn', '64501')));
  assert.ok(!covers(cluster({ asns: ['64500', '64501'] }), entry('asn', 'AS64500')));
  assert.ok(!covers(cluster({ asns: [] }), entry('asn', 'AS64500')), 'where the AS is not known nothing is covered');
});

test('an attribute covers a cluster that nothing else holds together', () => {
  const campus = { kind: 'egress_network', attribute: '192.0.2.0/24', accounts: 40 };
  const roommates = { kind: 'payment_fingerprint', attribute: 'pay_1…', accounts: 2 };
  const cards = { kind: 'payment_fingerprint', attribute: 'pay_2…', accounts: 20 };
  const allowed = entry('attribute', 'egress_network:192.0.2.0/24');
  assert.ok(covers(cluster({ evidence: [campus, roommates] }), allowed));
  assert.ok(!covers(cluster({ evidence: [campus, cards] }), allowed));
  assert.ok(!covers(cluster({ evidence: [roommates] }), allowed));
});
