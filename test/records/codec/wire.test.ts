import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import type { SubjectPartial } from '../../../services/records/subject-window.ts';
import { accountWindow, alertEvent, apiCall, clusterWindow, T } from '../../support/records.ts';

const codecs = createCodecs(null);

test('a call comes back as it was written', () => {
  const call = apiCall({ prompt_text: 'Grüße', prompt_fingerprint: Buffer.of(1, 2), temperature: 0.5, stream: true });
  const decoded = codecs.of('api-call').decode(codecs.of('api-call').encode(call));
  assert.ok(decoded.ok);
  assert.deepEqual({ ...decoded.value }, call);
});

test('a window with its sketches comes back as it was written', () => {
  const window = accountWindow('acct_1', [{}, { event_id: 'evt_2', event_hash: 9, ip_hash: 77 }]);
  const decoded = codecs.of('account-window').decode(codecs.of('account-window').encode(window));
  assert.ok(decoded.ok);
  assert.equal(JSON.stringify(decoded.value), JSON.stringify(window));
});

test('a window of a cluster and a part of it come back as they were written', () => {
  const prompt = {
    template: 'a'.repeat(16),
    template_hash: 1,
    filling_hash: 2,
    markers: 1,
    script: 'han',
    category: 'math',
  };
  const window = clusterWindow('c_1', 3, [{ prompt, message_count: 5, has_tools: true }, {}]);
  const whole = codecs.of('cluster-window').decode(codecs.of('cluster-window').encode(window));
  assert.ok(whole.ok);
  assert.equal(JSON.stringify(whole.value), JSON.stringify(window));
  const { subject_type, subject_id, window_size, window_end, accumulator, members, evidence } = window;
  const partial: SubjectPartial = {
    subject_type,
    subject_id,
    window_size,
    window_end,
    accumulator,
    members,
    profile: null,
    evidence,
    activity: 'product',
    merged_into: null,
  };
  const part = codecs.of('subject-partial').decode(codecs.of('subject-partial').encode(partial));
  assert.ok(part.ok);
  assert.equal(JSON.stringify(part.value), JSON.stringify(partial));
});

test('an alert comes back as it was written', () => {
  const { alert } = alertEvent();
  const decoded = codecs.of('alert').decode(codecs.of('alert').encode(alert));
  assert.ok(decoded.ok);
  assert.equal(JSON.stringify(decoded.value), JSON.stringify(alert));
});

test('hostile bytes are refused with a reason and never throw', () => {
  const valid = codecs.of('api-call').encode(apiCall());
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { maxLength: 6 }),
      fc.nat({ max: 300 }),
      (changes, length) => {
        const bytes = Buffer.from(valid.subarray(0, length));
        for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        const decoded = codecs.of('api-call').decode(bytes);
        if (!decoded.ok) assert.ok(decoded.reason.length > 0 && decoded.detail.length > 0);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('what is wrong is told apart', () => {
  const reason = (bytes: Buffer | null): string => {
    const decoded = codecs.of('api-call').decode(bytes);
    return decoded.ok ? 'ok' : decoded.reason;
  };
  const valid = codecs.of('api-call').encode(apiCall({ occurred_at: T }));
  assert.equal(reason(null), 'tombstone');
  assert.equal(reason(Buffer.from('{}')), 'truncated');
  assert.equal(reason(Buffer.from('{"a":1}')), 'wrong_magic_byte');
  assert.equal(reason(Buffer.concat([Buffer.of(0, 0, 0, 9, 9), valid.subarray(5)])), 'unknown_schema');
  assert.equal(reason(valid.subarray(0, valid.length - 3)), 'truncated');
  assert.equal(reason(Buffer.concat([valid, Buffer.of(1)])), 'not_avro');
});
