import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateCall } from '../../services/calls/validate.ts';
import { createEncoders } from '../../services/gateway/encode.ts';
import { callOfSpan, type GenAiSpan } from '../../services/gateway/otel-span.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';

const span = (attributes: GenAiSpan['attributes']): GenAiSpan => ({
  spanContext: () => ({ traceId: '5b8aa5a2d2c872e8321cf37308d69df2', spanId: '051581bf3cb55c13' }),
  startTime: [1_776_859_200, 250_000_000],
  duration: [1, 500_000_000],
  attributes,
});
const CHAT = {
  'enduser.id': 'acct_1',
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'example',
  'gen_ai.request.model': 'nimbus-2',
  'gen_ai.request.temperature': 0.7,
  'gen_ai.request.max_tokens': 512,
  'gen_ai.usage.input_tokens': 90,
  'gen_ai.usage.output_tokens': 210,
  'gen_ai.response.finish_reasons': ['stop'],
  'client.address': '192.0.2.7',
  'user_agent.original': 'python-openai/1.2',
  'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"do not read me"}]}]',
};

test('a span of a chat is a call that passes validation and goes over the wire and back', () => {
  const call = callOfSpan(span(CHAT)) ?? assert.fail();
  assert.deepEqual(
    [call.event_id, call.occurred_at, call.account_id, call.duration_ms, call.finish_reason, call.status_code],
    ['5b8aa5a2d2c872e8321cf37308d69df2-051581bf3cb55c13', 1_776_859_200_250, 'acct_1', 1_500, 'stop', 200],
  );
  assert.equal(validateCall(call, { earliest: 0, latest: Date.UTC(2100, 0, 1) }), null);
  const decoded = createCodecs(null).of('api-call').decode(createEncoders().call(call));
  assert.deepEqual(decoded.ok && { ...decoded.value }, call);
});

test('the span may be one of OpenTelemetry’s SDK, by its own types', () => {
  /** `AttributeValue` of @opentelemetry/api 1.9. */
  type Item = string | number | boolean;
  type Value = Item | (null | undefined | string)[] | (null | undefined | number)[] | (null | undefined | boolean)[];
  const attributes: { [name: string]: Value | undefined } = { ...CHAT, 'gen_ai.response.finish_reasons': [null] };
  assert.equal(callOfSpan(span(attributes))?.finish_reason, null);
});

test('nothing of a prompt is taken over', () => {
  assert.doesNotMatch(JSON.stringify(callOfSpan(span(CHAT))), /do not read me/);
});

test('a span without an account, an operation or a model is no call', () => {
  for (const name of ['enduser.id', 'gen_ai.operation.name', 'gen_ai.request.model'] as const)
    assert.equal(callOfSpan(span({ ...CHAT, [name]: undefined })), null, name);
  assert.equal(callOfSpan(span({ 'http.request.method': 'GET' })), null);
});

test('an account may be in an attribute of your own, and a model only in the answer', () => {
  const attributes = {
    ...CHAT,
    'enduser.id': undefined,
    'app.customer': 'acct_2',
    'gen_ai.request.model': undefined,
    'gen_ai.response.model': 'nimbus-3',
  };
  const call = callOfSpan(span(attributes), { accountAttribute: 'app.customer' });
  assert.deepEqual([call?.account_id, call?.request_model], ['acct_2', 'nimbus-3']);
});

test('a failed call has the status that it was answered with, or 500 where an exception is all that is known', () => {
  assert.equal(callOfSpan(span({ ...CHAT, 'error.type': '429' }))?.status_code, 429);
  assert.equal(callOfSpan(span({ ...CHAT, 'error.type': 'TimeoutError' }))?.status_code, 500);
  assert.equal(callOfSpan(span({ ...CHAT, 'http.response.status_code': 503 }))?.status_code, 503);
});
