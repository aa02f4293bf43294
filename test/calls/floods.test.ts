import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRows } from '../../services/calls/account-rows.ts';
import { UNKNOWN_PROFILE } from '../../services/calls/profile-table.ts';
import { createCallsStep } from '../../services/calls/step.ts';
import { apiCall, T } from '../support/records.ts';
import { createHarness } from '../support/step-harness.ts';
import { enrich } from './runner.ts';

const rows = accountRows();
const MINUTE = 60_000;
/** A word of letters for a number: digits would be masked, and all of them be one template. */
const word = (number: number): string =>
  [...number.toString(26).padStart(5, '0')]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))
    .join('');

function harness(mostAccounts?: number) {
  return createHarness(
    createCallsStep({
      enrich,
      profileAt: () => UNKNOWN_PROFILE,
      ...(mostAccounts === undefined ? {} : { mostAccounts }),
    }),
  );
}

test('of a flood of templates, clients, addresses and models from one account a bounded sample is kept, and what is dropped is counted', () => {
  const step = harness();
  const calls = 5_000;
  for (let i = 0; i < calls; i++) {
    const call = apiCall({
      event_id: `evt_${i}`,
      prompt_text: `${word(i)} ${word(i * 7)} the text below`,
      user_agent: `agent-${i}/1.0 ${'x'.repeat(900)}`,
      tls_fingerprint: `tls-${i}`,
      api_key_id: `key-${i}`,
      source_ip: `10.${i >> 8}.${i & 255}.1`,
      request_model: `model-${word(i)}-${'y'.repeat(200)}`,
      operation_name: `operation-${word(i)}`,
      system_prompt_hash: `sp-${i}`,
      tools_hash: `tools-${i}`,
      temperature: (i % 1_000) / 100,
    });
    step.record('calls', call);
  }
  step.watermark(T + MINUTE);
  const [window] = step.of('account_windows');
  assert.ok(window !== undefined);
  const { accumulator } = window;
  assert.equal(accumulator.calls, calls, 'every call is counted');
  assert.equal(accumulator.templates.length, 128);
  assert.equal(step.counts.get('dropped.template'), calls - 128);
  for (const counts of [accumulator.models, accumulator.operations, accumulator.user_agents]) {
    assert.equal(counts.values.length, 128);
    assert.equal(
      counts.values.reduce((sum, { count }) => sum + count, counts.other),
      calls,
    );
  }
  const [observation] = step.of('link_observations');
  const kinds = new Map<string, number>();
  for (const { kind } of observation?.attributes ?? []) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  assert.ok(kinds.size >= 9 && Math.max(...kinds.values()) === 32, JSON.stringify([...kinds]));
  assert.ok((step.counts.get('dropped.link_attribute') ?? 0) > calls);
  assert.ok((step.counts.get('evicted.reported_attribute') ?? 0) > 0);
});

test('a flood of accounts in one minute is bounded, and everybody beyond is counted', () => {
  const step = harness(2_000);
  const state = step.tables().packed('accounts', rows);
  for (let i = 0; i < 10_000; i++) step.record('calls', apiCall({ event_id: `evt_${i}`, account_id: `acct_${i}` }));
  assert.equal(state.size, 4_000);
  assert.equal(step.counts.get('refused.accounts_open'), 6_000);
  assert.equal(step.of('late_calls').length, 6_000, 'and none is lost');
  step.watermark(T + MINUTE);
  assert.equal(state.size, 2_000);
  assert.equal(step.counts.get('refused.account_memory'), 2_000);
  assert.equal(step.of('account_windows').length, 4_000);
});
