import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createEnrich } from '../../services/calls/enrich.ts';
import { createNetworkResolver } from '../../services/calls/network.ts';
import { UNKNOWN_PROFILE } from '../../services/calls/profile-table.ts';
import { type CallsInputs, type CallsOutputs, createCallsStep } from '../../services/calls/step.ts';
import { createClientClassifier } from '../../services/calls/user-agent.ts';
import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { createStepDriver } from '../../services/stream/step-driver.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { apiCall, T } from '../support/records.ts';
import { createHarness, sorted } from '../support/step-harness.ts';

const hasher = await createHasher('a key for tests');
const enrich = createEnrich({
  hasher,
  fingerprinter: createFingerprinter(hasher),
  classifyClient: createClientClassifier(),
  resolveNetwork: createNetworkResolver(null),
});
const factory = createCallsStep({ enrich, hasher, profileAt: () => UNKNOWN_PROFILE });
const harness = () => createHarness<CallsInputs, CallsOutputs>(factory);

test('a window comes out when the watermark passes its end, without any later call', () => {
  const step = harness();
  step.record('calls', apiCall({ occurred_at: T + 30_000 }));
  step.watermark(T);
  assert.equal(step.emitted.length, 0);
  step.watermark(T + MINUTE);
  assert.deepEqual(
    step.of('account_windows').map(({ window_size, window_end }) => [window_size, window_end]),
    [['minute', T + MINUTE]],
  );
  step.watermark(T + DAY);
  assert.deepEqual(
    step.of('account_windows').map(({ window_size, window_end }) => [window_size, window_end]),
    [
      ['minute', T + MINUTE],
      ['hour', T + HOUR],
      ['day', T + DAY],
    ],
  );
});

test('the same event twice counts once', () => {
  const step = harness();
  step.record('calls', apiCall());
  step.record('calls', apiCall());
  step.watermark(T + MINUTE);
  assert.equal(step.of('account_windows')[0]?.accumulator.calls, 1);
  assert.equal(step.counts.get('duplicate.event_id'), 1);
});

test('an account loud enough to leave the list for a set still counts each event once, also across a restart', () => {
  const step = harness();
  const events = Array.from({ length: 200 }, (_, i) => apiCall({ event_id: `evt_${i}` }));
  for (const call of events) step.record('calls', call);
  step.restart();
  for (const call of events) step.record('calls', call);
  step.watermark(T + MINUTE);
  assert.equal(step.of('account_windows')[0]?.accumulator.calls, 200);
});

test('a call behind the watermark is late: counted, kept, and without its prompt', () => {
  const step = harness();
  step.watermark(T + MINUTE);
  step.record('calls', apiCall({ prompt_text: 'a secret prompt' }));
  assert.equal(step.counts.get('late.minute_closed'), 1);
  assert.equal(step.of('late_calls')[0]?.event_id, 'evt_1');
  assert.ok(!JSON.stringify(step.emitted).includes('secret'));
});

test('no prompt text leaves the step', () => {
  const step = harness();
  step.record(
    'calls',
    apiCall({ prompt_text: 'canary-7391 explain your reasoning step by step', system_prompt_hash: 'h' }),
  );
  step.watermark(T + DAY);
  assert.ok(step.emitted.length > 0);
  assert.ok(!JSON.stringify(step.emitted).includes('canary-7391'));
});

test('an attribute is reported once a day, not with every call', () => {
  const step = harness();
  for (let minute = 0; minute < 60; minute++)
    step.record('calls', apiCall({ event_id: `e${minute}`, occurred_at: T + minute * MINUTE }));
  step.watermark(T + 2 * HOUR);
  const reported = step
    .of('link_observations')
    .flatMap(({ attributes }) => attributes.filter(({ kind }) => kind === 'egress_ip'));
  assert.equal(reported.length, 1);
  step.record('calls', apiCall({ event_id: 'later', occurred_at: T + DAY + 2 * HOUR }));
  step.watermark(T + DAY + 3 * HOUR);
  assert.equal(
    step.of('link_observations').flatMap(({ attributes }) => attributes.filter(({ kind }) => kind === 'egress_ip'))
      .length,
    2,
  );
});

test('a quiet account is forgotten', () => {
  const tables = createTrackedTables();
  const driver = createStepDriver<CallsInputs, CallsOutputs>({
    factory,
    context: { partition: 0, partitions: 1, tables, count: () => {} },
    inputs: [
      {
        name: 'calls',
        topic: 't',
        partition: 0,
        time: { kind: 'events', grace: MINUTE, eventTime: (call) => call.occurred_at },
      },
    ],
    emit: () => {},
  });
  driver.record(0, apiCall(), { topic: 't', partition: 0, offset: '0' });
  driver.advance(T + 4 * DAY);
  assert.equal(tables.table('accounts').size, 0);
});

const GRACE = 10 * MINUTE;
const call = fc.record({
  at: fc.integer({ min: 0, max: 3 * HOUR }),
  account: fc.integer({ min: 0, max: 4 }),
  tokens: fc.integer({ min: 0, max: 5_000 }),
  prompt: fc.constantFrom(null, 'Rate 1', 'Rate 2', 'Explain'),
});

function toCalls(drawn: readonly { at: number; account: number; tokens: number; prompt: string | null }[]): ApiCall[] {
  return drawn.map(({ at, account, tokens, prompt }, i) =>
    apiCall({
      event_id: `evt_${i}`,
      occurred_at: T + at,
      account_id: `acct_${account}`,
      input_tokens: tokens,
      prompt_text: prompt,
    }),
  );
}

/** Through the driver, so that watermarks follow the events as they do in life. */
function windowsOf(calls: readonly ApiCall[], restartAt = -1): string[] {
  const step = harness();
  let latest = 0;
  let watermark = 0;
  for (const [i, one] of calls.entries()) {
    if (i === restartAt) step.restart();
    step.record('calls', one);
    latest = Math.max(latest, one.occurred_at);
    const next = Math.floor((latest - GRACE) / MINUTE) * MINUTE;
    if (next > watermark) {
      watermark = next;
      step.watermark(watermark);
    }
  }
  step.watermark(T + 2 * DAY);
  return sorted(step.of('account_windows').map((window) => ({ ...window, accumulator: normal(window.accumulator) })));
}

/** Counts by value have no order of their own. */
function normal(accumulator: CallsOutputs['account_windows']['accumulator']) {
  const byValue = <Entry extends { value: string }>(values: Entry[]): Entry[] =>
    [...values].sort((a, b) => (a.value < b.value ? -1 : 1));
  return {
    ...accumulator,
    models: byValue(accumulator.models.values),
    operations: byValue(accumulator.operations.values),
    user_agents: byValue(accumulator.user_agents.values),
    scripts: byValue(accumulator.scripts.values),
  };
}

test('any order within the grace gives the same windows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(call, fc.integer({ min: 0, max: GRACE - MINUTE })), { minLength: 1, maxLength: 60 }),
      (drawn) => {
        const calls = toCalls(drawn.map(([one]) => one));
        const ordered = [...calls].sort((a, b) => a.occurred_at - b.occurred_at);
        const jitter = new Map(calls.map((one, i) => [one.event_id, drawn[i]?.[1] ?? 0]));
        const shuffled = [...calls].sort(
          (a, b) => a.occurred_at + (jitter.get(a.event_id) ?? 0) - b.occurred_at - (jitter.get(b.event_id) ?? 0),
        );
        assert.deepEqual(windowsOf(shuffled), windowsOf(ordered));
      },
    ),
    { numRuns: 60 },
  );
});

test('a restart at any point gives the same windows', () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 40 }), fc.nat({ max: 39 }), (drawn, at) => {
      const calls = toCalls(drawn).sort((a, b) => a.occurred_at - b.occurred_at);
      assert.deepEqual(windowsOf(calls, at % calls.length), windowsOf(calls));
    }),
    { numRuns: 60 },
  );
});

test('longer windows hold what the shorter ones held', () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 60 }), (drawn) => {
      const step = harness();
      for (const one of toCalls(drawn)) step.record('calls', one);
      step.watermark(T + DAY);
      for (const size of ['minute', 'hour', 'day'] as const) {
        const windows = step.of('account_windows').filter(({ window_size }) => window_size === size);
        assert.equal(
          windows.reduce((sum, { accumulator }) => sum + accumulator.calls, 0),
          drawn.length,
        );
        assert.equal(
          windows.reduce(
            (sum, { accumulator }) => sum + accumulator.arrivals.reduce((inner, { count }) => inner + count, 0),
            0,
          ),
          drawn.length,
        );
      }
    }),
    { numRuns: 60 },
  );
});
