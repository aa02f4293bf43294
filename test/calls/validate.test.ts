import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { validateCall } from '../../services/calls/validate.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { BOUNDS, CALL, NOON } from './samples.ts';

function refusal(change: Partial<ApiCall>): string | null {
  const violation = validateCall({ ...CALL, ...change }, BOUNDS);
  return violation === null ? null : `${violation.field} ${violation.reason}`;
}

test('an ordinary call is valid, with every optional field set and with none', () => {
  assert.equal(refusal({}), null);
  const required: ReadonlySet<string> = new Set([
    'event_id',
    'occurred_at',
    'account_id',
    'operation_name',
    'request_model',
    'input_tokens',
    'output_tokens',
    'status_code',
  ]);
  const bare = Object.fromEntries(
    Object.entries(CALL).map(([field, value]) => [field, required.has(field) ? value : null]),
  );
  assert.equal(refusal(bare), null);
});

for (const field of ['event_id', 'account_id', 'operation_name', 'request_model'] as const) {
  test(`${field} must be there, short and printable`, () => {
    assert.equal(refusal({ [field]: '' }), `${field} missing_field`);
    assert.equal(refusal({ [field]: 'x'.repeat(256) }), null);
    assert.equal(refusal({ [field]: 'x'.repeat(257) }), `${field} too_long`);
    assert.equal(refusal({ [field]: 'a\u0000b' }), `${field} control_character`);
    assert.equal(refusal({ [field]: 'a\nb' }), `${field} control_character`);
    assert.equal(refusal({ [field]: 'a\u0085b' }), `${field} control_character`);
    assert.equal(refusal({ [field]: 'a\ud800b' }), `${field} not_well_formed`);
    assert.equal(refusal({ [field]: '账户-😀' }), null);
  });
}

test('event times outside the bounds or in seconds are refused, the bounds themselves are not', () => {
  assert.equal(refusal({ occurred_at: BOUNDS.earliest }), null);
  assert.equal(refusal({ occurred_at: BOUNDS.latest }), null);
  for (const occurred_at of [
    BOUNDS.earliest - 1,
    BOUNDS.latest + 1,
    0,
    -1,
    Math.floor(NOON / 1000),
    Date.UTC(2099, 0, 1),
    NOON + 0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]) {
    assert.equal(refusal({ occurred_at }), 'occurred_at timestamp_out_of_range', String(occurred_at));
  }
});

for (const field of ['input_tokens', 'output_tokens', 'reasoning_tokens', 'cached_input_tokens'] as const) {
  test(`${field} is a whole number from 0 to 100 million`, () => {
    assert.equal(refusal({ [field]: 0 }), null);
    assert.equal(refusal({ [field]: 100_000_000 }), null);
    assert.equal(refusal({ [field]: 100_000_001 }), `${field} implausible_value`);
    assert.equal(refusal({ [field]: -1 }), `${field} negative_value`);
    assert.equal(refusal({ [field]: 1.5 }), `${field} not_a_number`);
    assert.equal(refusal({ [field]: Number.NaN }), `${field} not_a_number`);
  });
}

for (const field of [
  'tool_call_count',
  'image_count',
  'message_count',
  'duration_ms',
  'max_tokens',
  'source_asn',
] as const) {
  test(`${field} is not negative`, () => assert.equal(refusal({ [field]: -1 }), `${field} negative_value`));
}

test('the largest integer is a limit of tokens like another', () =>
  assert.equal(refusal({ max_tokens: 2 ** 31 - 1 }), null));

test('status is 100 to 599', () => {
  for (const status_code of [100, 200, 429, 599]) assert.equal(refusal({ status_code }), null);
  for (const status_code of [0, 99, 600, -200, 200.5, Number.NaN])
    assert.equal(refusal({ status_code }), 'status_code implausible_value');
});

test('temperature is finite, 0 to 10', () => {
  for (const temperature of [0, 2, 10]) assert.equal(refusal({ temperature }), null);
  for (const temperature of [-0.1, 10.1]) assert.equal(refusal({ temperature }), 'temperature implausible_value');
  for (const temperature of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(refusal({ temperature }), 'temperature not_a_number');
});

test('what the caller chooses freely cannot keep a call out of the windows', () => {
  for (const text of ['x'.repeat(20_000), 'a\u0000b', '\ud800', '']) {
    assert.equal(refusal({ user_agent: text }), null);
    assert.equal(refusal({ prompt_text: text }), null);
  }
});

test('gateway texts are bounded and printable', () => {
  for (const field of [
    'api_key_id',
    'source_ip',
    'tls_fingerprint',
    'system_prompt_hash',
    'tools_hash',
    'finish_reason',
  ]) {
    assert.equal(refusal({ [field]: 'x'.repeat(1_024) }), null);
    assert.equal(refusal({ [field]: 'x'.repeat(1_025) }), `${field} too_long`);
    assert.equal(refusal({ [field]: 'a\u001bb' }), `${field} control_character`);
    assert.equal(refusal({ [field]: 5 }), `${field} wrong_type`);
  }
});

test('a violation never holds a value of the record', () => {
  const secret = fc.stringMatching(/^[A-Z]{12}$/);
  fc.assert(
    fc.property(
      secret,
      fc.constantFrom('event_id', 'account_id', 'source_ip', 'api_key_id', 'tls_fingerprint', 'tools_hash'),
      (text, field) => {
        const violation = validateCall({ ...CALL, [field]: `${text}\u0007`.repeat(200) }, BOUNDS);
        assert.ok(violation !== null);
        assert.ok(!JSON.stringify(violation).includes(text));
      },
    ),
  );
});

test('any number is judged, none is thrown at', () => {
  fc.assert(
    fc.property(
      fc.double(),
      fc.constantFrom('occurred_at', 'input_tokens', 'status_code', 'temperature', 'duration_ms'),
      (value, field) => {
        const violation = validateCall({ ...CALL, [field]: value }, BOUNDS);
        assert.ok(violation === null || violation.field === field);
      },
    ),
  );
});
