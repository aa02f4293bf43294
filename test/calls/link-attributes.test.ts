import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkAttributes } from '../../services/calls/link-attributes.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { MINUTE } from '../../services/records/window.ts';
import { apiCall, enrich, START } from './runner.ts';

function valuesOf(fields: Partial<ApiCall>): Record<string, string> {
  return Object.fromEntries(linkAttributes(enrich(apiCall(fields))).map(({ kind, value }) => [kind, value]));
}

function keysOf(fields: Partial<ApiCall>): Map<string, number> {
  return new Map(linkAttributes(enrich(apiCall(fields))).map(({ kind, key }) => [kind, key]));
}

test('a call with everything shows every kind once', () => {
  const values = valuesOf({ system_prompt_hash: 's1', tools_hash: 't1', prompt_text: 'Explain problem 7.' });
  assert.deepEqual(Object.keys(values), [
    'egress_ip',
    'egress_network',
    'client',
    'system_prompt',
    'tools',
    'sampling',
    'template',
    'lockstep',
    'work',
  ]);
  assert.equal(values['egress_ip'], '192.0.2.7');
  assert.equal(values['egress_network'], '192.0.2.0/24');
  assert.equal(values['system_prompt'], 's1');
});

test('what a call does not say is no attribute; without a text there is the shape of the request', () => {
  assert.deepEqual(
    Object.keys(
      valuesOf({ source_ip: null, user_agent: null, tls_fingerprint: null, temperature: null, max_tokens: null }),
    ),
    ['shape', 'work'],
  );
  assert.equal(valuesOf({ source_ip: 'not an address' })['egress_ip'], undefined);
});

test('an address that was hashed at the door links by its hash, without a network', () => {
  const values = valuesOf({ source_ip: 'h:00ff' });
  assert.equal(values['egress_ip'], 'h:00ff');
  assert.equal(values['egress_network'], undefined);
});

test('a client is its TLS fingerprint and user agent together, hashed', () => {
  const client = (tls_fingerprint: string | null, user_agent: string | null) =>
    valuesOf({ tls_fingerprint, user_agent })['client'];
  assert.match(client('t', 'u') ?? '', /^[0-9a-f]{16}$/);
  assert.equal(client('t', 'u'), client('t', 'u'));
  assert.equal(new Set([client('t', 'u'), client('t', null), client(null, 'u'), client('t', 'v')]).size, 4);
});

test('a value that is long travels as its hash', () => {
  const long = 's'.repeat(1_024);
  assert.match(valuesOf({ system_prompt_hash: long })['system_prompt'] ?? '', /^[0-9a-f]{16}$/);
  assert.match(valuesOf({ tools_hash: long })['tools'] ?? '', /^[0-9a-f]{16}$/);
  assert.match(valuesOf({ source_ip: `h:${'0'.repeat(200)}` })['egress_ip'] ?? '', /^[0-9a-f]{16}$/);
});

test('no attribute holds the text of the prompt', () => {
  const values = valuesOf({ prompt_text: 'a secret of mine' });
  assert.equal(JSON.stringify(values).includes('secret'), false);
});

test('lockstep is the template in its five minutes', () => {
  const lockstep = (minute: number, prompt_text: string) =>
    valuesOf({ occurred_at: START + minute * MINUTE, prompt_text })['lockstep'];
  assert.equal(lockstep(0, 'Explain problem 1.'), lockstep(4, 'Explain problem 2.'));
  assert.notEqual(lockstep(0, 'Explain problem 1.'), lockstep(5, 'Explain problem 1.'));
  assert.notEqual(lockstep(0, 'Explain problem 1.'), lockstep(0, 'Translate this sentence.'));
});

test('equal attributes have equal keys, others others, and kinds never share one', () => {
  const one = keysOf({ source_ip: 'h:1', system_prompt_hash: 'x', tools_hash: 'x', prompt_text: 'p' });
  assert.deepEqual(keysOf({ source_ip: 'h:1', system_prompt_hash: 'x', tools_hash: 'x', prompt_text: 'p' }), one);
  assert.equal(new Set(one.values()).size, one.size);
  assert.notEqual(keysOf({ source_ip: 'h:2' }).get('egress_ip'), one.get('egress_ip'));
  const later = keysOf({ prompt_text: 'p', occurred_at: START + 5 * MINUTE });
  assert.notEqual(later.get('lockstep'), one.get('lockstep'));
  assert.equal(later.get('template'), one.get('template'));
});

test('work is when, which template, which filling, and the bands by which another wording meets it', () => {
  const work = (prompt_text: string) => valuesOf({ occurred_at: START, prompt_text })['work']?.split(':') ?? [];
  const [bin, template, filling, bands] = work('Explain problem 1.');
  assert.equal(Number(bin), START / (5 * MINUTE));
  assert.equal(template, valuesOf({ prompt_text: 'Explain problem 1.' })['template']);
  assert.match(filling ?? '', /^[0-9a-f]{8}$/);
  assert.deepEqual(
    bands?.split(',').map((band) => band[0]),
    ['0', '1', '5', '6'],
  );
  assert.equal(work('Explain problem 2.')[1], template);
  assert.notEqual(work('Explain problem 2.')[2], filling);
});

test('a shape is the same for other lengths of about that size and the next version of a model, and no other parameters', () => {
  const shape = (fields: Partial<ApiCall>) => valuesOf({ input_tokens: 300, output_tokens: 700, ...fields })['shape'];
  assert.equal(shape({ request_model: 'm-large-4' }), shape({ request_model: 'm-large-5', input_tokens: 900 }));
  assert.notEqual(shape({ request_model: 'm-large-4' }), shape({ request_model: 'm-small-4' }));
  assert.notEqual(shape({}), shape({ input_tokens: 9_000 }));
  assert.notEqual(shape({}), shape({ temperature: 0.123 }));
});
