import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../services/records/account.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { gini, readSimulation } from './read-back.ts';

function members(scenario: string): { accounts: Account[]; calls: ApiCall[]; counts: number[] } {
  const { accounts, truth, all, byAccount } = readSimulation(scenario, { scale: 0.5, days: 2 }, 4);
  const ids = new Set(truth.filter((row) => row.kind === 'hard_negative').map((row) => row.account_id));
  return {
    accounts: accounts.filter((account) => ids.has(account.account_id)),
    calls: all.filter((call) => ids.has(call.account_id)),
    counts: [...ids].map((id) => byAccount.get(id)?.length ?? 0),
  };
}

function distinct(values: readonly unknown[]): number {
  return new Set(values).size;
}

describe('hard negatives share what makes them hard', () => {
  it('corporate NAT: one address and one payment over hundreds of seats with work of their own', () => {
    const { accounts, calls } = members('corporate-nat');
    assert.equal(accounts.length, 200);
    assert.equal(distinct(calls.map((call) => call.source_ip)), 1);
    assert.equal(distinct(accounts.map((account) => account.payment_fingerprint)), 1);
    assert.ok(distinct(calls.map((call) => call.system_prompt_hash)) > 50);
  });

  it('university: few addresses, payments none, no common organisation', () => {
    const { accounts, calls } = members('university');
    assert.ok(distinct(calls.map((call) => call.source_ip)) <= 3);
    assert.ok(accounts.every((account) => account.payment_fingerprint === null));
  });

  it('IDE vendor: one client, one system prompt, one tool set, unrelated payments', () => {
    const { accounts, calls } = members('ide-vendor');
    assert.equal(
      distinct(
        calls.map((call) => `${call.user_agent} ${call.tls_fingerprint} ${call.system_prompt_hash} ${call.tools_hash}`),
      ),
      1,
    );
    assert.ok(distinct(calls.map((call) => call.source_ip)) <= 6);
    assert.equal(distinct(accounts.map((account) => account.payment_fingerprint)), accounts.length);
  });

  it('reseller pool: as even as a campaign, with the traffic of many people', () => {
    const { calls, counts } = members('reseller-pool');
    assert.ok(gini(counts) < 0.02, `Gini ${gini(counts)}`);
    assert.equal(distinct(calls.map((call) => call.tls_fingerprint)), 1);
    assert.ok(distinct(calls.map((call) => call.system_prompt_hash)) > 60);
  });

  it('evaluation harness: a burst of benchmark questions to the new model at temperature 0', () => {
    const { calls } = members('evaluation-harness');
    assert.deepEqual([...new Set(calls.map((call) => call.request_model))], ['nimbus-large-5']);
    assert.deepEqual([...new Set(calls.map((call) => call.temperature))], [0]);
    const hours = ((calls.at(-1)?.occurred_at ?? 0) - (calls[0]?.occurred_at ?? 0)) / 3_600_000;
    assert.ok(hours < 12 && calls.length > 1_000, `${calls.length} calls in ${hours} hours`);
  });

  it('batch labelling: one template, at night only, answers of a few tokens', () => {
    const { calls } = members('batch-labelling');
    assert.equal(distinct(calls.map((call) => (call.prompt_text ?? '').slice(0, 60))), 1);
    assert.ok(calls.every((call) => call.output_tokens <= 16));
    // A retry may come some seconds after the last regular call.
    const daytime = calls.filter(
      (call) => new Date(call.occurred_at).getUTCHours() >= 6 || new Date(call.occurred_at).getUTCHours() < 1,
    );
    assert.equal(daytime.length, 0);
  });

  it('classroom: the same prompts by everybody in the same lesson', () => {
    const { accounts, calls } = members('classroom');
    assert.equal(accounts.length, 30);
    assert.ok(distinct(calls.map((call) => call.prompt_text)) / calls.length < 0.6);
    assert.ok(calls.every((call) => [14, 15, 16].includes(new Date(call.occurred_at).getUTCHours())));
  });

  it('agent framework: one system prompt, tool set and user agent over unrelated people and places', () => {
    const { accounts, calls } = members('agent-framework');
    assert.equal(distinct(calls.map((call) => `${call.user_agent} ${call.system_prompt_hash} ${call.tools_hash}`)), 1);
    assert.ok(distinct(calls.map((call) => call.source_ip)) >= accounts.length * 0.6);
    assert.equal(distinct(accounts.map((account) => account.signup_ip)), accounts.length);
  });

  it('CI fleet: one company, many cloud addresses', () => {
    const { accounts, calls } = members('ci-fleet');
    assert.equal(distinct(accounts.map((account) => account.organization_id)), 1);
    assert.ok(distinct(calls.map((call) => call.source_ip)) > 5);
  });

  it('prepaid BIN: one issuer, a card each', () => {
    const { accounts } = members('prepaid-bin');
    assert.equal(distinct(accounts.map((account) => account.payment_bin)), 1);
    assert.equal(distinct(accounts.map((account) => account.payment_fingerprint)), accounts.length);
  });
});
