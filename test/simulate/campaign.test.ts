import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApiCall } from '../../services/records/api-call.ts';
import { buildCampaign, CAMPAIGN, LEAKAGE } from '../../services/simulate/actors/campaign.ts';
import type { CampaignSpec } from '../../services/simulate/actors/campaign-spec.ts';
import { createPromptLibrary } from '../../services/simulate/prompts/library.ts';
import { createRandom } from '../../services/simulate/random.ts';
import type { CallDraft, ModelLaunch, World } from '../../services/simulate/world.ts';
import { quantile } from '../support/quantile.ts';
import { gaps, gini, variation } from './read-back.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 3, 22);

function world(days: number, launch: ModelLaunch | null = null): World {
  return { start: START, end: START + days * DAY, text: true, launch, prompts: createPromptLibrary() };
}

type Overrides = Partial<Omit<CampaignSpec, 'pool'>> & { pool?: Partial<CampaignSpec['pool']> };

function run(overrides: Overrides, days = 2, launch: ModelLaunch | null = null) {
  const { pool, ...rest } = overrides;
  const spec: CampaignSpec = {
    ...CAMPAIGN,
    accounts: 50,
    bansPerAccountPerDay: 0,
    camouflageShare: 0,
    ...rest,
    pool: { ...CAMPAIGN.pool, ...pool },
  };
  const actor = buildCampaign(spec, world(days, launch), createRandom('campaign test'));
  const calls: CallDraft[] = [];
  for (const stream of actor.streams)
    for (let next = stream.next(); !next.done; next = stream.next()) calls.push(next.value);
  const byAccount = new Map<string, CallDraft[]>();
  for (const call of calls) byAccount.set(call.account_id, [...(byAccount.get(call.account_id) ?? []), call]);
  return { ...actor, calls, byAccount, counts: [...byAccount.values()].map((list) => list.length) };
}

/** Share of the values that occur more than once. */
function sharedBy<T>(values: readonly T[]): number {
  const count = new Map<T, number>();
  for (const value of values) count.set(value, (count.get(value) ?? 0) + 1);
  return values.filter((value) => (count.get(value) ?? 0) > 1).length / values.length;
}

describe('the dispatch of a campaign', () => {
  it('round robin is even and regular: a Gini near 0, gaps of CV about 1/sqrt(N)', () => {
    const { counts, byAccount } = run({});
    assert.equal(counts.length, 50);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, 'round robin differs by more than one call');
    const cvs = [...byAccount.values()].map((list) => variation(gaps(list.map((call) => call.occurred_at))));
    // 0.14 for a constant rate; the daily shape adds some.
    assert.ok(quantile(cvs, 0.5) > 0.1 && quantile(cvs, 0.5) < 0.35, `median CV ${quantile(cvs, 0.5)}`);
  });

  it('random is as irregular as a Poisson process', () => {
    const { byAccount, counts } = run({ pool: { dispatch: { ...CAMPAIGN.pool.dispatch, mode: 'random' } } });
    const cvs = [...byAccount.values()].map((list) => variation(gaps(list.map((call) => call.occurred_at))));
    assert.ok(quantile(cvs, 0.5) > 0.8, `median CV ${quantile(cvs, 0.5)}`);
    assert.ok(gini(counts) > 0.03 && gini(counts) < 0.15, `Gini ${gini(counts)}`);
  });

  it('least loaded evens out the tokens better than the calls', () => {
    const { byAccount } = run({ pool: { dispatch: { ...CAMPAIGN.pool.dispatch, mode: 'least_loaded' } } });
    const lists = [...byAccount.values()];
    const tokens = gini(
      lists.map((list) => list.reduce((sum, call) => sum + call.input_tokens + call.output_tokens, 0)),
    );
    assert.ok(tokens < gini(lists.map((list) => list.length)), 'tokens are no more even than calls');
  });

  it('sticky keeps an account busy for five hours and lets it rest', () => {
    const { byAccount } = run(
      { pool: { callsPerAccountPerDay: 60, dispatch: { mode: 'sticky', stickyHours: 5, workersPerAccount: 0.2 } } },
      3,
    );
    const hours = [...byAccount.values()].map(
      (list) => new Set(list.map((call) => Math.floor(call.occurred_at / 3_600_000))).size,
    );
    // One account in five works at a time: of 72 hours some 15, in spells that touch one hour more than their length.
    assert.ok(quantile(hours, 0.5) >= 10 && quantile(hours, 0.5) <= 24, `median busy hours ${quantile(hours, 0.5)}`);
  });

  it('makes the calls a day that were asked for', () => {
    const { calls } = run({ pool: { callsPerAccountPerDay: 25.6 } }, 4);
    const perDay = calls.length / 50 / 4;
    assert.ok(perDay > 24 && perDay < 27.5, `${perDay} calls an account a day`);
  });
});

describe('the identifiers of a campaign', () => {
  it('leak in the configured share of accounts and groups', () => {
    const leakage = {
      ...LEAKAGE,
      payment: { share: 0.4, group: 5 },
      signupDevice: { share: 0.3, group: 3 },
      egress: { share: 0.5, pool: 2 },
      client: { ...LEAKAGE.client, share: 0.6 },
    };
    const { accounts, byAccount } = run({ accounts: 100, leakage });
    assert.equal(sharedBy(accounts.map((account) => account.payment_fingerprint)), 0.4);
    assert.equal(new Set(accounts.map((account) => account.payment_fingerprint)).size, 60 + 40 / 5);
    const devices = accounts
      .filter((account) => account.signup_device !== null)
      .map((account) => account.signup_device);
    assert.equal(sharedBy(devices) * devices.length, 30);
    const unified = [...byAccount.values()].filter(
      (list) => list[0]?.tls_fingerprint === LEAKAGE.client.unified.tls_fingerprint,
    );
    assert.equal(unified.length, 60);
    const owners = new Map<string, Set<string>>();
    for (const [id, list] of byAccount)
      for (const call of list)
        owners.set(call.source_ip ?? '', (owners.get(call.source_ip ?? '') ?? new Set()).add(id));
    const pooled = new Set([...owners.values()].filter((ids) => ids.size > 1).flatMap((ids) => [...ids]));
    assert.equal(pooled.size, 50);
  });

  it('nothing leaks where nothing is configured to', () => {
    const none = { share: 0, group: 10 };
    const leakage = {
      ...LEAKAGE,
      payment: none,
      signupDevice: none,
      signupNetwork: none,
      signupBatch: none,
      egress: { share: 0, pool: 1 },
      client: { ...LEAKAGE.client, share: 0 },
    };
    const { accounts, byAccount } = run({ leakage });
    assert.equal(sharedBy(accounts.map((account) => account.payment_fingerprint)), 0);
    assert.equal(
      new Set([...byAccount.values()].flatMap((list) => [...new Set(list.map((call) => call.source_ip))])).size,
      50,
    );
  });

  it('a sign-up batch is close in time', () => {
    const { accounts } = run({
      accounts: 60,
      leakage: { ...LEAKAGE, signupBatch: { share: 1, group: 20 }, signupBatchMinutes: 30 },
    });
    const times = accounts.map((account) => account.created_at).sort((a, b) => a - b);
    const batches = [0, 20, 40].map((from) => times.slice(from, from + 20));
    for (const batch of batches) assert.ok((batch.at(-1) ?? 0) - (batch[0] ?? 0) <= 30 * 60_000);
  });
});

describe('the work of a campaign', () => {
  it('has few templates and fillings that hardly ever come twice', () => {
    const { calls } = run({ mix: { chain_of_thought: 1 }, chineseShare: 0, pool: { failureShare: 0 } });
    const texts = calls.map((call) => call.prompt_text ?? '');
    assert.ok(new Set(texts).size / texts.length > 0.95, `distinct: ${new Set(texts).size} of ${texts.length}`);
    assert.equal(new Set(texts.map((text) => text.slice(0, 24))).size, 1);
  });

  it('takes its kinds and languages in the configured shares', () => {
    const { calls } = run({ mix: { chain_of_thought: 0.7, rubric_grading: 0.3 }, chineseShare: 0.4 }, 3);
    const done = calls.filter((call) => call.status_code === 200);
    const graded = done.filter((call) => call.max_tokens === 16).length / done.length;
    const chinese = done.filter((call) => /\p{Script=Han}/u.test(call.prompt_text ?? '')).length / done.length;
    assert.ok(Math.abs(graded - 0.3) < 0.03, `graded ${graded}`);
    assert.ok(Math.abs(chinese - 0.4) < 0.03, `Chinese ${chinese}`);
  });

  it('collects several answers to one prompt through several accounts', () => {
    const { calls } = run({ samplesPerPrompt: 4, pool: { failureShare: 0 } });
    const accountsOf = new Map<string, Set<string>>();
    for (const call of calls)
      accountsOf.set(
        call.prompt_text ?? '',
        (accountsOf.get(call.prompt_text ?? '') ?? new Set()).add(call.account_id),
      );
    assert.equal(
      quantile(
        [...accountsOf.values()].map((ids) => ids.size),
        0.5,
      ),
      4,
    );
  });

  it('hides behind resold ordinary traffic in the configured share', () => {
    const harvest = run({ camouflageShare: 0, mix: { chain_of_thought: 1 } }).calls;
    const hashes = new Set(harvest.map((call) => call.system_prompt_hash));
    const mixed = run({ camouflageShare: 0.6, mix: { chain_of_thought: 1 } }).calls;
    const camouflage = mixed.filter((call) => !hashes.has(call.system_prompt_hash)).length / mixed.length;
    assert.ok(Math.abs(camouflage - 0.6) < 0.04, `camouflage ${camouflage}`);
  });

  it('moves half of it to a new model within a day of its launch', () => {
    const launch = { model: 'nimbus-large-5', at: START + DAY };
    const { calls } = run({ pivotShare: 0.5 }, 4, launch);
    const share = (from: number, to: number): number => {
      const some = calls.filter((call) => call.occurred_at >= from && call.occurred_at < to);
      return some.filter((call) => call.request_model === launch.model).length / some.length;
    };
    assert.equal(share(START, launch.at), 0);
    assert.ok(Math.abs(share(launch.at + DAY, START + 4 * DAY) - 0.5) < 0.04);
  });
});

describe('the life of a campaign', () => {
  it('a banned account stops, and one that has not called before takes its place', () => {
    const { accounts, byAccount, truth } = run({ bansPerAccountPerDay: 0.3 }, 3);
    const banned = accounts.filter((account) => account.status === 'suspended');
    assert.ok(banned.length >= 20, `${banned.length} bans`);
    for (const { account_id, updated_at } of banned) {
      const last = byAccount.get(account_id)?.at(-1)?.occurred_at ?? 0;
      assert.ok(last < updated_at, 'a call after the suspension');
    }
    const late = [...byAccount.values()].filter((list) => (list[0]?.occurred_at ?? 0) > START + DAY / 2);
    assert.ok(late.length >= banned.length * 0.7, `${late.length} newcomers for ${banned.length} bans`);
    assert.equal(new Set(accounts.map((account) => account.account_id)).size, truth.length);
  });

  it('comes into use one account after another', () => {
    const { byAccount } = run({ pool: { rampDays: 2 } }, 3);
    const first = [...byAccount.values()].map(
      (list: Pick<ApiCall, 'occurred_at'>[]) => (list[0]?.occurred_at ?? 0) - START,
    );
    assert.equal(first.length, 50);
    const half = first.filter((time) => time < DAY).length / first.length;
    assert.ok(half > 0.4 && half < 0.6, `in use after half the ramp: ${half}`);
  });

  it('works and rests together when it is synchronised', () => {
    const { calls } = run({ pool: { bursts: { onMinutes: 60, offMinutes: 120 } } });
    assert.ok(calls.length > 2_000);
    for (const call of calls) assert.ok(((call.occurred_at - START) / 60_000) % 180 < 60);
  });
});
