import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAMPAIGN } from '../../services/simulate/actors/campaign.ts';
import { turnKnobs } from '../../services/simulate/knobs.ts';
import { reportedCampaigns } from '../../services/simulate/reported-campaigns.ts';
import type { Scenario } from '../../services/simulate/scenario.ts';
import { createScenario, SIMULATION_START } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';

const DAY = 86_400_000;

function scenarioOf(actors: Scenario['actors'], days: number): Scenario {
  return {
    name: 'test',
    description: '',
    start: SIMULATION_START,
    days,
    text: 'none',
    launch: null,
    actors,
    disturbance: null,
  };
}

describe('the knobs of a campaign', () => {
  it('leave alone what they do not name', () => {
    assert.deepEqual(turnKnobs(CAMPAIGN, {}), CAMPAIGN);
  });

  it('let nothing leak at 0', () => {
    const { accounts } = simulate(scenarioOf([turnKnobs(CAMPAIGN, { leakage: 0, accounts: 40 })], 1), 3);
    const first = new Map(accounts.map((account) => [account.account_id, account]));
    const cards = [...first.values()].map((account) => account.payment_fingerprint);
    assert.equal(new Set(cards).size, first.size);
  });

  it('hide the reported campaigns 1:20', () => {
    for (const { name } of reportedCampaigns) {
      const { truth, calls } = simulate(createScenario(name, { days: 2, scale: 0.4, text: 'none' }), 5);
      const kinds = new Map(truth.map((row) => [row.account_id, row.kind]));
      const counts = { campaign: 0, benign: 0, hard_negative: 0 };
      for (const call of calls) counts[kinds.get(call.account_id) ?? 'benign'] += 1;
      const times = counts.benign / counts.campaign;
      // A ramp or a weekend moves it; never to where the campaign would be easy to see.
      assert.ok(times > 14 && times < 34, `${name}: ${times.toFixed(1)} calls of customers a call of the campaign`);
    }
  });
});

describe('a suspended account', () => {
  it('is followed by one that signed up minutes before, where replacements are fresh', () => {
    const campaign = { ...CAMPAIGN, accounts: 30, bansPerAccountPerDay: 0.3, replacements: 'fresh' as const };
    const { accounts } = simulate(scenarioOf([campaign], 4), 6);
    const fresh = accounts.filter((account) => account.created_at >= SIMULATION_START && account.status === 'active');
    assert.ok(fresh.length > 10, `${fresh.length} fresh accounts`);
    const firstUse = new Map<string, number>();
    for (const { account_id, occurred_at } of simulate(scenarioOf([campaign], 4), 6).calls)
      if (!firstUse.has(account_id)) firstUse.set(account_id, occurred_at);
    for (const { account_id, created_at } of fresh)
      assert.ok((firstUse.get(account_id) ?? created_at) >= created_at, 'used before it signed up');
    assert.ok(fresh.every(({ created_at }) => created_at < SIMULATION_START + 4 * DAY));
  });
});

describe('a harvested reseller', () => {
  it('has 15 percent of its accounts harvesting and calls them a campaign, and no others', () => {
    const { truth, calls } = simulate(createScenario('harvested-reseller', { days: 1 }), 4);
    const pool = truth.filter((row) => row.actor.startsWith('reseller_pool'));
    const harvesters = new Set(pool.filter((row) => row.kind === 'campaign').map((row) => row.account_id));
    assert.equal(harvesters.size / pool.length, 0.15);
    const prompts = new Map<boolean, Set<string | null>>([
      [true, new Set()],
      [false, new Set()],
    ]);
    const ids = new Set(pool.map((row) => row.account_id));
    for (const call of calls)
      if (ids.has(call.account_id)) prompts.get(harvesters.has(call.account_id))?.add(call.system_prompt_hash);
    assert.ok((prompts.get(true)?.size ?? 99) < 8);
    assert.ok((prompts.get(false)?.size ?? 0) > 100);
  });
});
