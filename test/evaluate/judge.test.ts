import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alert, AlertEvent, Severity } from '../../services/records/alert.ts';
import type { Assignment } from '../../services/records/assignment.ts';
import type { TruthRow } from '../../services/simulate/world.ts';
import { createJudge } from './judge.ts';

const MINUTE = 60_000;
const truth: TruthRow[] = [
  ...['c1', 'c2', 'c3'].map(
    (account_id): TruthRow => ({ account_id, actor: 'hydra', kind: 'campaign', name: 'hydra' }),
  ),
  { account_id: 'n1', actor: 'campus', kind: 'hard_negative', name: 'university' },
  { account_id: 'n2', actor: 'campus', kind: 'hard_negative', name: 'university' },
  { account_id: 'o1', actor: 'customer', kind: 'benign', name: 'customers' },
];

function joins(account_id: string, cluster_id: string, effective_at = 0): Assignment {
  return {
    account_id,
    cluster_id,
    version: 1,
    effective_at,
    reason: 'joined',
    previous_cluster_id: null,
    cluster_size: 1,
    evidence: [],
  };
}

function alertOn(sample_accounts: string[], severity: Severity, emitted_at: number): AlertEvent {
  // The judge reads these fields only.
  const alert = { alert_id: `a_${sample_accounts[0]}`, severity, sample_accounts } as Alert;
  return { type: 'stillwatch.alert.opened', emitted_at, alert };
}

function judged() {
  const judge = createJudge(truth, 100 * MINUTE);
  for (const { account_id } of truth) for (let i = 0; i < 10; i++) judge.call(account_id, i * MINUTE);
  return judge;
}

function flag(judge: ReturnType<typeof judged>, account_id: string, severity: Severity, flagged_at: number): void {
  judge.flagged({ account_id, alert_id: 'a', verdict: 'harvesting', severity, flagged_at });
}

describe('the judge', () => {
  it('counts recall over the accounts of the campaign and false positives over the others', () => {
    const judge = judged();
    flag(judge, 'c1', 'page', 5 * MINUTE);
    flag(judge, 'c2', 'ticket', 5 * MINUTE);
    flag(judge, 'n1', 'page', 5 * MINUTE);
    const { page, any, innocents } = judge.verdict(null);
    assert.deepEqual(page, { precision: 1 / 2, recall: 1 / 3, falsePositiveRate: 1 / 3 });
    assert.deepEqual(any, { precision: 2 / 3, recall: 2 / 3, falsePositiveRate: 1 / 3 });
    assert.equal(innocents['university']?.paged, 1);
  });

  it('leaks what the campaign asks before its first page, as a share of the whole campaign', () => {
    const judge = judged();
    flag(judge, 'c2', 'page', 4 * MINUTE);
    assert.deepEqual(judge.verdict(null).leaked, { calls: 12, share: 12 / 30, paged: true });
    assert.deepEqual(judge.verdict(120).leaked, { calls: 12, share: 0.1, paged: true });
    assert.equal(judge.verdict(null).firstPageMinutes, 4);
  });

  it('takes a campaign that was never paged for leaked in full', () => {
    assert.deepEqual(judged().verdict(1_000).leaked, { calls: 30, share: 1, paged: false });
  });

  it('does not take a page on bystanders for the detection of the campaign', () => {
    const judge = judged();
    flag(judge, 'n1', 'page', MINUTE);
    assert.equal(judge.verdict(null).leaked?.paged, false);
  });

  it('holds a page against whoever is most of a subject that is no campaign, once until it resolves', () => {
    const judge = judged();
    judge.alert(alertOn(['n1', 'n2', 'c1'], 'ticket', MINUTE));
    judge.alert(alertOn(['n1', 'n2', 'c1'], 'page', 2 * MINUTE));
    judge.alert(alertOn(['n1', 'n2', 'c1'], 'page', 3 * MINUTE));
    judge.alert(alertOn(['o1', 'c2', 'c3'], 'page', 3 * MINUTE));
    const { innocents } = judge.verdict(null);
    assert.equal(innocents['university']?.pages, 1);
    assert.equal(innocents['university']?.tickets, 1);
    assert.equal(innocents['customers']?.pages, 0);
  });

  it('scores the clusters that were in force while there was traffic', () => {
    const judge = judged();
    for (const account of ['c1', 'c2', 'c3']) judge.assignment(joins(account, 'x'));
    judge.assignment({ ...joins('c3', 'x', 200 * MINUTE), cluster_id: null });
    assert.equal(judge.verdict(null).bCubed?.f1, 1);
  });
});
