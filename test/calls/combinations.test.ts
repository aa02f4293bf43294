import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { callsBinding } from '../../services/calls/binding.ts';
import { linkAttributes } from '../../services/calls/link-attributes.ts';
import { createProfileTable } from '../../services/calls/profile-table.ts';
import { validateAccount, validateCall } from '../../services/calls/validate.ts';
import { createFingerprinter, encodeFingerprint } from '../../services/fingerprint/fingerprint.ts';
import { accountAttributes, signupHours } from '../../services/links/account-attributes.ts';
import type { Account } from '../../services/records/account.ts';
import { addCall, createAccumulator } from '../../services/records/accumulator.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { share } from '../../services/records/features/feature.ts';
import { enrich, hasher } from './runner.ts';
import { ACCOUNT, BOUNDS, CALL, NOON } from './samples.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../schemas/combinations.md'), 'utf8');
const fingerprinter = createFingerprinter(hasher);
const fingerprintOf = (text: string): Uint8Array => encodeFingerprint(fingerprinter.fingerprint(text));

type Values<Of> = { [Field in keyof Of]: readonly Of[Field][] };
const TEXT = [null, '', 'x', 'x'.repeat(1_024)];
const TOKENS = [0, 1, 100_000_000];
const COUNTS = [null, 0, 1, 1_000_000];
const FLAGS = [null, true, false];

/** Of each field the least, the most and the oddest that it may hold. */
const CALLS: Values<ApiCall> = {
  event_id: ['e', 'e'.repeat(256)],
  occurred_at: [BOUNDS.earliest, NOON, BOUNDS.latest],
  account_id: ['a', 'a'.repeat(256)],
  api_key_id: TEXT,
  source_ip: [null, '', '192.0.2.7', '2001:db8::1', 'h:01', 'no address'],
  source_asn: [null, 0, 64_500, 2 ** 31 - 1],
  user_agent: [...TEXT, 'x'.repeat(5_000)],
  tls_fingerprint: TEXT,
  operation_name: ['chat', 'embeddings', 'another'],
  request_model: ['model-1', 'another'],
  input_tokens: TOKENS,
  output_tokens: TOKENS,
  reasoning_tokens: [null, ...TOKENS],
  cached_input_tokens: [null, ...TOKENS],
  max_tokens: [null, 0, 2 ** 31 - 1],
  temperature: [null, 0, 10],
  stream: FLAGS,
  system_prompt_hash: TEXT,
  tools_hash: TEXT,
  tool_call_count: COUNTS,
  image_count: COUNTS,
  message_count: COUNTS,
  prompt_text: [...TEXT, 'x'.repeat(5_000)],
  prompt_fingerprint: [null, new Uint8Array(), fingerprintOf('a text')],
  finish_reason: TEXT,
  status_code: [100, 200, 429, 599],
  duration_ms: [null, 0, 2 ** 31 - 1],
};
const ACCOUNTS: Values<Account> = {
  account_id: ['a', 'a'.repeat(256)],
  created_at: [0, NOON, BOUNDS.latest],
  updated_at: [0, NOON, BOUNDS.latest],
  organization_id: TEXT,
  plan: ['free', 'reseller', 'another'],
  payment_fingerprint: TEXT,
  payment_bin: TEXT,
  signup_ip: [null, '', '192.0.2.7', 'h:01', 'no address'],
  signup_device: TEXT,
  email_domain: TEXT,
  country: TEXT,
  reseller_id: TEXT,
  verified: FLAGS,
  status: ['active', 'closed', 'another'],
};

function anyOf<Of>(values: Values<Of>): fc.Arbitrary<Of> {
  const fields = Object.entries<readonly unknown[]>(values).map(([field, each]) => [field, fc.constantFrom(...each)]);
  // One of every field, each of its own values.
  return fc.record(Object.fromEntries(fields) as { [Field in keyof Of]: fc.Arbitrary<Of[Field]> });
}

test('what fields may hold alone they may hold together', () => {
  fc.assert(fc.property(anyOf(CALLS), (call) => assert.equal(validateCall(call, BOUNDS), null)));
  fc.assert(fc.property(anyOf(ACCOUNTS), (account) => assert.equal(validateAccount(account, BOUNDS), null)));
  fc.assert(fc.property(anyOf(CALLS), (call) => void enrich(call)));
});

const kinds = (attributes: readonly { kind: string; value: string }[], kind: string): string[] =>
  attributes.filter((attribute) => attribute.kind === kind).map(({ value }) => value);
const enriched = (over: Partial<ApiCall>) => enrich({ ...CALL, ...over });
const linked = (over: Partial<ApiCall>, kind: string): string[] => kinds(linkAttributes(enriched(over)), kind);
const counted = (over: Partial<ApiCall>) => {
  const accumulator = createAccumulator();
  addCall(accumulator, enriched(over).counted, NOON);
  return accumulator;
};
const registered = (over: Partial<Account>, kind: string): string[] =>
  kinds(accountAttributes({ ...ACCOUNT, ...over }), kind);

/** Each line of the page by its fields, and what shows it. */
const SHOWN: Readonly<Record<string, () => void>> = {
  "`account_id` and the message's key"() {
    const codecs = createCodecs(null);
    const { inputs } = callsBinding({
      codecs,
      enrich,
      profileAt: createProfileTable().profileAt,
      grace: 0,
      earliest: BOUNDS.earliest,
      accountsCaughtUp: async () => {},
    });
    const decode = (key: string | null) => {
      const message = {
        value: codecs.of('api-call').encode(CALL),
        timestamp: String(NOON),
        attributes: 0,
        headers: {},
        offset: '0',
      };
      const decoded = inputs.calls.decode({ ...message, key: key === null ? null : Buffer.from(key) });
      return decoded.ok ? 'ok' : decoded.reason;
    };
    assert.deepEqual(['a-1', 'another', '', null].map(decode), ['ok', 'ok', 'missing_key', 'missing_key']);
  },
  '`source_ip`, `source_asn`'() {
    for (const source_ip of ['192.0.2.7', 'h:01', null, 'no address'])
      assert.equal(enriched({ source_ip, source_asn: 64_500 }).counted.asn, 64_500);
    assert.equal(enriched({ source_asn: null }).counted.asn, null);
  },
  '`prompt_text`, `prompt_fingerprint`'() {
    const fingerprint = fingerprintOf('of the gateway');
    const templateOf = (over: Partial<ApiCall>) => enriched({ prompt_text: null, ...over }).counted.prompt?.template;
    const { template } = fingerprinter.fingerprint('of the gateway');
    assert.equal(templateOf({ prompt_text: 'another one', prompt_fingerprint: fingerprint }), template);
    assert.equal(templateOf({ prompt_text: 'of the gateway', prompt_fingerprint: new Uint8Array() }), template);
    assert.equal(templateOf({}), undefined);
    assert.equal(linked({ prompt_text: null }, 'shape').length, 1);
    assert.equal(linked({ prompt_text: 'a text' }, 'shape').length, 0);
  },
  '`tools_hash`, `tool_call_count`'() {
    const hadTools = (tools_hash: string | null, tool_call_count: number | null) =>
      enriched({ tools_hash, tool_call_count }).counted.has_tools;
    assert.deepEqual([hadTools('h', null), hadTools(null, 1), hadTools(null, 0)], [true, true, false]);
  },
  '`user_agent`, `tls_fingerprint`'() {
    const both = linked({}, 'client');
    assert.equal(both.length, 1);
    for (const over of [{ tls_fingerprint: 'another' }, { tls_fingerprint: null }, { user_agent: null }])
      assert.notDeepEqual(linked(over, 'client'), both);
    assert.deepEqual(linked({ user_agent: null, tls_fingerprint: null }, 'client'), []);
  },
  '`temperature`, `max_tokens`'() {
    const sampling = (temperature: number | null, max_tokens: number | null) =>
      linked({ temperature, max_tokens }, 'sampling').join();
    const all = [sampling(1, 100), sampling(1, null), sampling(null, 100), sampling(null, null)];
    assert.equal(new Set(all).size, 4);
    assert.equal(all.at(-1), '');
  },
  '`reasoning_tokens`, `output_tokens`'() {
    const { reasoning_tokens, output_tokens } = counted({ reasoning_tokens: 40, output_tokens: 20 });
    assert.equal(share(reasoning_tokens, output_tokens), 2);
  },
  '`cached_input_tokens`, `input_tokens`'() {
    const { cached_input_tokens, input_tokens } = counted({ cached_input_tokens: 30, input_tokens: 10 });
    assert.equal(share(cached_input_tokens, input_tokens), 3);
  },
  '`output_tokens`, `max_tokens`'() {
    assert.equal(counted({ output_tokens: 200, max_tokens: 100 }).output_tokens, 200);
  },
  '`status_code`, `output_tokens`'() {
    const { calls, errors, output_tokens } = counted({ status_code: 500, output_tokens: 20 });
    assert.deepEqual([calls, errors, output_tokens], [1, 1, 20]);
  },
  '`created_at`, `updated_at`'() {
    const table = createProfileTable();
    table.apply({ ...ACCOUNT, updated_at: NOON, plan: 'free' });
    table.apply({ ...ACCOUNT, created_at: NOON + 2_000, updated_at: NOON + 1_000, plan: 'team' });
    assert.deepEqual(
      [NOON, NOON + 1_000].map((time) => table.profileAt(ACCOUNT.account_id, time).plan),
      ['free', 'team'],
    );
    assert.equal(table.profileAt(ACCOUNT.account_id, NOON + 1_000).created_at, NOON + 2_000);
  },
  '`payment_fingerprint`, `payment_bin`'() {
    assert.deepEqual(registered({ payment_fingerprint: null, payment_bin: '400000' }, 'payment_bin'), ['400000']);
    const alone = registered({ payment_fingerprint: 'h:03', payment_bin: null }, 'payment_fingerprint');
    assert.deepEqual(alone, ['h:03']);
  },
  '`country`, `email_domain`'() {
    assert.notEqual(signupHours(ACCOUNT), null);
    for (const over of [{ country: null }, { email_domain: null }])
      assert.equal(signupHours({ ...ACCOUNT, ...over }), null);
  },
  '`plan`, `reseller_id`'() {
    const table = createProfileTable();
    table.apply({ ...ACCOUNT, plan: 'free', reseller_id: 'r-1' });
    const { plan, reseller_id } = table.profileAt(ACCOUNT.account_id, NOON);
    assert.deepEqual([plan, reseller_id], ['free', 'r-1']);
  },
  '`signup_ip`, and `source_ip` of its calls'() {
    for (const ip of ['192.0.2.7', 'h:01'])
      assert.deepEqual(registered({ signup_ip: ip }, 'signup_ip'), linked({ source_ip: ip }, 'egress_ip'));
    assert.deepEqual(registered({}, 'signup_network'), linked({}, 'egress_network'));
    assert.deepEqual(registered({ signup_ip: 'h:01' }, 'signup_network'), []);
    assert.deepEqual(linked({ source_ip: 'h:01' }, 'egress_network'), []);
  },
};

const LINES = PAGE.split('\n').flatMap((line) => /^\| (.*`.*?) +\| [A-Z]/.exec(line)?.[1] ?? []);

test('every line of the page is shown here, and every field in it is one', () => {
  assert.deepEqual(LINES, Object.keys(SHOWN));
  const fields = LINES.flatMap((line) => [...line.matchAll(/`(\w+)`/g)].map(([, field = '']) => field));
  for (const field of fields) assert.ok(field in CALL || field in ACCOUNT, field);
});

for (const [line, shows] of Object.entries(SHOWN)) test(line.replaceAll('`', ''), shows);
