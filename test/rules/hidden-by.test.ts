import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenBy, type StoredSubject } from '../../services/rules/hidden-by.ts';
import type { AllowEntry } from '../../services/rules/schema.ts';
import { entry } from './allow-entry.ts';

const TIME = Date.UTC(2026, 5, 1);
type Alert = StoredSubject & { alert_id: string };
const alert = (alert_id: string, over: Partial<StoredSubject>): Alert => ({
  alert_id,
  subject_type: 'cluster',
  subject_id: 'c_1',
  account_count: 40,
  sample_accounts: ['x', 'y'],
  linking_evidence: [],
  organization: '',
  ...over,
});
const account = { subject_type: 'account', account_count: 1 } as const;
const network = { kind: 'egress_network', attribute: '192.0.2.0/24', accounts: 40 };
const card = { kind: 'payment_fingerprint', attribute: 'pf_1', accounts: 9 };

const ALERTS: readonly Alert[] = [
  alert('whole', { linking_evidence: [network, card] }),
  alert('part', { subject_id: 'c_1~product', linking_evidence: [network] }),
  alert('other', { subject_id: 'c_2', linking_evidence: [network, { ...card, accounts: 3 }] }),
  alert('single', { ...account, subject_id: 'a', sample_accounts: ['a'], organization: 'campus' }),
  alert('pair', { subject_id: 'c_3', account_count: 2, sample_accounts: ['a', 'b'] }),
];
const hidden = (added: AllowEntry, ...allow: AllowEntry[]): string[] | undefined =>
  hiddenBy(added, { allow, alerts: { least_cluster_accounts: 5 } }, ALERTS, TIME)?.map(({ alert_id }) => alert_id);

test('a cluster hides the alerts about it and about its parts, an organization those about its accounts', () => {
  assert.deepEqual(hidden(entry('cluster', 'c_1')), ['whole', 'part']);
  assert.deepEqual(hidden(entry('organization', 'campus')), ['single']);
  assert.deepEqual(hidden(entry('cluster', 'c_9')), []);
});

test('an attribute hides what nothing else holds together', () => {
  assert.deepEqual(hidden(entry('attribute', 'egress_network:192.0.2.0/24')), ['part', 'other']);
});

test('only what the exceptions before it left is hidden by it, and together with them it may hide more', () => {
  assert.deepEqual(hidden(entry('cluster', 'c_1'), entry('cluster', 'c_1')), []);
  assert.deepEqual(hidden(entry('account', 'a')), ['single']);
  assert.deepEqual(hidden(entry('account', 'a'), entry('account', 'b')), ['single', 'pair']);
});

test('one that is over hides nothing; of AS numbers the alerts say nothing', () => {
  assert.deepEqual(hidden(entry('cluster', 'c_1', '2026-06-01')), []);
  assert.equal(hidden(entry('asn', 'AS64500')), undefined);
});
