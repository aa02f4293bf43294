import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccumulator } from '../../services/records/accumulator.ts';
import type { LinkEvidence } from '../../services/records/assignment.ts';
import { widestOfEachKind } from '../../services/records/features/shared-attributes.ts';
import { featureNamed } from '../../services/records/features.ts';

const evidence: LinkEvidence[] = [
  { kind: 'payment_fingerprint', attribute: 'card a', accounts: 12, weight: 0.9 },
  { kind: 'payment_fingerprint', attribute: 'card b', accounts: 20, weight: 0.1 },
  { kind: 'payment_bin', attribute: '4000', accounts: 900, weight: 0.001 },
  { kind: 'egress_ip', attribute: '203.0.113.x', accounts: 8, weight: 0.25 },
  { kind: 'lockstep', attribute: '9 bins', accounts: 10, weight: 0.5 },
];

function degree(name: string, of: LinkEvidence[] | undefined): number | null {
  const view = { accumulator: createAccumulator(), size: 'hour' as const, members: null };
  return featureNamed(name).compute(of === undefined ? view : { ...view, evidence: of });
}

test('the degree is that of the attribute which joins most accounts for its rarity', () => {
  assert.equal(degree('shared_payment_degree', evidence), 12 * 0.9);
  assert.equal(degree('shared_network_degree', evidence), 2);
  assert.equal(degree('synchrony_degree', evidence), 5);
  assert.equal(degree('shared_client_degree', evidence), 0);
  assert.equal(degree('shared_client_degree', undefined), null);
});

test('what a cluster window keeps of the evidence gives the same degrees, in any order', () => {
  const kept = widestOfEachKind(evidence);
  assert.deepEqual(widestOfEachKind(evidence.toReversed()), kept);
  assert.equal(kept.length, 4);
  for (const name of ['shared_payment_degree', 'shared_network_degree', 'shared_client_degree', 'synchrony_degree'])
    assert.equal(degree(name, kept), degree(name, evidence));
});
