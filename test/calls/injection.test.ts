import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkAttributes } from '../../services/calls/link-attributes.ts';
import { validateAccount, validateCall } from '../../services/calls/validate.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { maskAttribute } from '../../services/links/masking.ts';
import { PAYLOADS, STEERS } from '../support/payloads.ts';
import { account, apiCall } from '../support/records.ts';
import { enrichWith } from '../support/shipped.ts';

const BOUNDS = { earliest: 0, latest: Date.UTC(2030, 0, 1) };
const enrich = enrichWith(createHasher('a key for tests'));

test('of a user agent only a name of plain letters goes on, whatever it says', () => {
  for (const { text } of PAYLOADS) {
    const { counted } = enrich(apiCall({ user_agent: text, prompt_text: text }));
    assert.match(counted.user_agent, /^[a-z_]+\/[a-z0-9._-]{1,40}$/, JSON.stringify(text));
  }
});

test('of what joins accounts, a client, a system prompt or its tools show six letters at most, and no text whole', () => {
  const fields = [
    'user_agent',
    'tls_fingerprint',
    'system_prompt_hash',
    'tools_hash',
    'source_ip',
    'prompt_text',
  ] as const;
  const shortest = 8;
  for (const { text } of PAYLOADS)
    for (const field of fields)
      for (const { kind, value } of linkAttributes(enrich(apiCall({ [field]: text })))) {
        const shown = maskAttribute(kind, value);
        assert.ok(text.length < shortest || !shown.includes(text), `${field} as ${kind}: ${shown}`);
        if (kind === 'client' || kind === 'template') assert.match(value, /^[0-9a-f]+$/, `${field} as ${kind}`);
        if (kind === 'system_prompt' || kind === 'tools') assert.ok(shown.length <= 7, shown);
      }
});

test('what names something holds no control character, and what refuses it does not repeat it', () => {
  const ids = [
    'account_id',
    'event_id',
    'request_model',
    'operation_name',
    'system_prompt_hash',
    'api_key_id',
  ] as const;
  const ofAccounts = [
    'account_id',
    'organization_id',
    'plan',
    'status',
    'country',
    'email_domain',
    'payment_bin',
  ] as const;
  let refused = 0;
  for (const { text } of PAYLOADS) {
    const controls = /\p{Cc}/u.test(text);
    for (const violation of [
      ...ids.map((field) => validateCall(apiCall({ [field]: text }), BOUNDS)),
      ...ofAccounts.map((field) => validateAccount(account({ [field]: text }), BOUNDS)),
    ]) {
      assert.equal(violation?.reason ?? null, controls ? 'control_character' : null, JSON.stringify(text));
      if (violation === null) continue;
      refused++;
      assert.ok(!violation.detail.includes(text));
      assert.doesNotMatch(violation.detail, STEERS);
    }
  }
  assert.ok(refused > 1_000);
});
