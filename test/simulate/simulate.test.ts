import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createScenario, listScenarios } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';
import { readSimulation } from './read-back.ts';

const small = readSimulation('small', {}, 1);

describe('a simulation', () => {
  it('is the same for the same seed and another for another', () => {
    const again = readSimulation('small', {}, 1);
    assert.deepEqual(again.all, small.all);
    assert.deepEqual(again.accounts, small.accounts);
    assert.deepEqual(again.truth, small.truth);
    assert.notDeepEqual(readSimulation('small', {}, 2).all.slice(0, 5), small.all.slice(0, 5));
  });

  it('gives calls by occurred_at and account versions by updated_at, inside the simulated time', () => {
    const { start, days } = createScenario('small');
    for (const [index, call] of small.all.entries()) {
      assert.ok(call.occurred_at >= (small.all[index - 1]?.occurred_at ?? start), `call ${index} goes back in time`);
      assert.ok(call.occurred_at < start + days * 86_400_000);
    }
    for (const [index, account] of small.accounts.entries()) {
      assert.ok(account.updated_at >= (small.accounts[index - 1]?.updated_at ?? Number.NEGATIVE_INFINITY));
    }
  });

  it('has an id for every call', () => {
    assert.equal(new Set(small.all.map((call) => call.event_id)).size, small.all.length);
  });

  it('gives calls within the contract', () => {
    const whole = (value: number | null): boolean => value === null || (Number.isInteger(value) && value >= 0);
    for (const call of small.all) {
      assert.ok(Number.isInteger(call.occurred_at));
      assert.ok(whole(call.input_tokens) && whole(call.output_tokens) && whole(call.reasoning_tokens));
      assert.ok(whole(call.cached_input_tokens) && whole(call.duration_ms) && whole(call.message_count));
      assert.ok((call.cached_input_tokens ?? 0) <= call.input_tokens);
      assert.ok(call.max_tokens === null || call.output_tokens <= call.max_tokens);
      assert.ok(call.status_code >= 200 && call.status_code < 600);
      assert.equal(call.status_code === 200, call.finish_reason !== null);
      assert.match(call.source_ip ?? '', /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]{1,4}(:[0-9a-f]{1,4}){3}::[0-9a-f])$/);
      assert.match(call.tls_fingerprint ?? '', /^t13d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
      assert.ok((call.user_agent ?? '').length > 0 && (call.user_agent ?? '').length <= 1_024);
      assert.ok((call.prompt_text ?? '').length > 0);
      assert.doesNotMatch(call.prompt_text ?? '', /\{#?[a-z_\d]+(-\d+)?\}|\[\[/, 'a placeholder was left unfilled');
    }
  });

  it('has labelled every account, once, and no other', () => {
    const known = new Set(small.accounts.map((account) => account.account_id));
    assert.deepEqual(new Set(small.truth.map((row) => row.account_id)), known);
    assert.equal(small.truth.length, known.size);
    for (const id of small.byAccount.keys()) assert.ok(known.has(id), `${id} calls but has no account`);
  });

  it('opens every account before its first call', () => {
    const created = new Map(small.accounts.map((account) => [account.account_id, account.created_at]));
    for (const [id, calls] of small.byAccount)
      assert.ok((created.get(id) ?? Number.POSITIVE_INFINITY) < (calls[0]?.occurred_at ?? 0));
  });

  it('without text is the same in everything else', () => {
    const silent = readSimulation('small', { text: 'none' }, 1);
    assert.deepEqual(
      silent.all,
      small.all.map((call) => ({ ...call, prompt_text: null })),
    );
  });

  it('says nothing of the label in the ids', () => {
    for (const row of small.truth) assert.match(row.account_id, /^acct_[0-9a-f]{16}$/);
  });
});

describe('the scenarios', () => {
  it('all give calls of every kind they promise', () => {
    for (const { name } of listScenarios()) {
      const scenario = createScenario(name, { days: 2, scale: 0.2, text: 'none' });
      const { truth, calls } = simulate(scenario, 3);
      const nameOf = new Map(truth.map((row) => [row.account_id, row.name]));
      const calling = new Set<string>();
      for (const call of calls) calling.add(nameOf.get(call.account_id) ?? '');
      for (const actor of scenario.actors)
        assert.ok(calling.has('name' in actor ? actor.name : actor.type), `${name}: no call of ${actor.type}`);
    }
  });

  it('keep small between 5 and 9 thousand calls and demo between 60 and 120 thousand', () => {
    assert.ok(small.all.length >= 5_000 && small.all.length <= 9_000, `small: ${small.all.length}`);
    let demo = 0;
    for (const _ of simulate(createScenario('demo', { text: 'none' }), 1).calls) demo += 1;
    assert.ok(demo >= 60_000 && demo <= 120_000, `demo: ${demo}`);
  });

  it('are refused by name and size with a sentence that helps', () => {
    assert.throws(() => createScenario('nope'), /unknown scenario "nope": choose one of demo, small/);
    assert.throws(() => createScenario('demo', { days: -1 }), /days must be a positive number, got -1/);
  });
});
