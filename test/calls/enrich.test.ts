import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linkAttributes } from '../../services/calls/link-attributes.ts';
import { createFingerprinter, encodeFingerprint } from '../../services/fingerprint/fingerprint.ts';
import { enrichWith } from '../support/shipped.ts';
import { apiCall, enrich, hasher } from './runner.ts';

const fingerprinter = createFingerprinter(hasher);

test('text and the fingerprint that a gateway makes of it are enriched alike', () => {
  const text = 'Explain your reasoning step by step for problem 12.';
  const fromText = enrich(apiCall({ prompt_text: text }));
  const fromGateway = enrich(apiCall({ prompt_fingerprint: encodeFingerprint(fingerprinter.fingerprint(text)) }));
  assert.notEqual(fromText.counted.prompt, null);
  assert.deepEqual(fromGateway, fromText);
});

test('the gateway fingerprint goes before text; one of an unknown version leaves the text', () => {
  const bytes = encodeFingerprint(fingerprinter.fingerprint('from the gateway'));
  assert.equal(
    enrich(apiCall({ prompt_text: 'other', prompt_fingerprint: bytes })).fingerprint?.filling,
    fingerprinter.fingerprint('from the gateway').filling,
  );
  const unknown = Uint8Array.from(bytes);
  unknown[0] = 99;
  assert.equal(
    enrich(apiCall({ prompt_text: 'other', prompt_fingerprint: unknown })).fingerprint?.filling,
    fingerprinter.fingerprint('other').filling,
  );
  assert.equal(enrich(apiCall({ prompt_fingerprint: unknown })).counted.prompt, null);
});

test('a call without text and fingerprint has no prompt', () => {
  assert.equal(enrich(apiCall()).counted.prompt, null);
  assert.equal(enrich(apiCall({ prompt_text: '' })).counted.prompt, null);
});

test('the text of a prompt is nowhere in what comes out', () => {
  const enriched = enrich(apiCall({ prompt_text: 'xyzzy plugh' }));
  assert.equal(/xyzzy|plugh/.test(JSON.stringify(enriched)), false);
});

test('null amounts count as none, and tools are seen by their hash or their calls', () => {
  const { counted } = enrich(apiCall({ stream: null }));
  assert.deepEqual(
    [
      counted.reasoning_tokens,
      counted.cached_input_tokens,
      counted.tool_call_count,
      counted.image_count,
      counted.stream,
    ],
    [0, 0, 0, 0, false],
  );
  assert.equal(counted.has_tools, false);
  assert.equal(enrich(apiCall({ tools_hash: 't' })).counted.has_tools, true);
  assert.equal(enrich(apiCall({ tool_call_count: 1 })).counted.has_tools, true);
});

test('the same shape is the same hash, and lengths count by octave', () => {
  const shape = (fields: Parameters<typeof apiCall>[0]) => enrich(apiCall(fields)).counted.shape_hash;
  assert.equal(shape({ input_tokens: 600 }), shape({ input_tokens: 900 }));
  for (const fields of [
    { input_tokens: 2_000 },
    { request_model: 'b' },
    { temperature: 0 },
    { tools_hash: 't' },
    { stream: true },
  ]) {
    assert.notEqual(shape(fields), shape({}), JSON.stringify(fields));
  }
});

test('an absent field has no hash, and a client and a network their class', () => {
  const { counted } = enrich(apiCall({ source_ip: null, user_agent: null, tls_fingerprint: null, api_key_id: null }));
  assert.deepEqual(
    [counted.ip_hash, counted.network_hash, counted.user_agent_hash, counted.tls_hash, counted.key_hash],
    [null, null, null, null, null],
  );
  assert.equal(counted.user_agent, 'absent/none');
  assert.equal(enrich(apiCall()).counted.user_agent, 'sdk/openai-python');
  assert.equal(enrich(apiCall({ source_asn: 16_509 })).counted.hosting, true);
});

test('the autonomous system of an address is told apart without an address, and unknown where nobody knows it', () => {
  const asn = (source_asn: number | null) => enrich(apiCall({ source_ip: null, source_asn })).counted.asn_hash;
  assert.equal(asn(null), null);
  assert.equal(asn(64_500), asn(64_500));
  assert.notEqual(asn(64_500), asn(64_501));
});

test('a gateway that does not count messages says nothing of a conversation', () => {
  assert.equal(enrich(apiCall({ message_count: null })).counted.message_count, 0);
  assert.equal(enrich(apiCall({ message_count: 7 })).counted.message_count, 7);
});

const anyOf = fc.constantFrom<string | null>('a', 'b', 'c', null);

/** Few values of each field, so that an account comes back to how it called before, by five ways and more. */
const CALLS = fc.array(
  fc
    .record({
      account_id: fc.constantFrom('one', 'two'),
      source_ip: fc.constantFrom('192.0.2.7', '198.51.100.1', 'h:00', 'x'.repeat(80), null),
      source_asn: fc.constantFrom(16_509, null),
      user_agent: anyOf,
      tls_fingerprint: anyOf,
      api_key_id: anyOf,
      system_prompt_hash: anyOf,
      tools_hash: anyOf,
      request_model: fc.constantFrom('m-1', 'm-2', 'n'),
      operation_name: fc.constantFrom('chat', 'embeddings'),
      stream: fc.constantFrom(true, false, null),
      temperature: fc.constantFrom(0, 0.7, null),
      max_tokens: fc.constantFrom(7, null),
      input_tokens: fc.constantFrom(0, 9, 2 ** 31 - 1),
      output_tokens: fc.constantFrom(0, 9),
      prompt_text: fc.constantFrom('Explain problem 7.', null),
    })
    .map(apiCall),
  { maxLength: 40 },
);

test('what is remembered of earlier calls changes nothing', () => {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  fc.assert(
    fc.property(CALLS, (calls) => {
      const remembering = enrichWith(hasher);
      for (const call of calls) {
        const fresh = enrichWith(hasher)(call);
        const remembered = remembering(call);
        assert.deepEqual(plain(remembered), plain(fresh));
        assert.deepEqual(linkAttributes(remembered), linkAttributes(fresh));
      }
    }),
    { numRuns: 20 },
  );
});

test('an account that calls as before is the same sender, and nothing of the call itself is kept with it', () => {
  const first = enrich(apiCall({ prompt_text: 'xyzzy plugh', event_id: 'first' }));
  const second = enrich(apiCall({ event_id: 'second', input_tokens: 1 }));
  assert.equal(second.sender, first.sender);
  assert.equal(second.address, first.address);
  assert.equal(/xyzzy|first/.test(JSON.stringify(first.sender)), false);
});
