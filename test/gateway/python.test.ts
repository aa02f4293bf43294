import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { validateCall } from '../../services/calls/validate.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';

const ROOT = join(import.meta.dirname, '../..');
const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';
const T = 1_776_859_200.25;
const SECRET = 'never to be seen on the wire';
const codec = createCodecs(null).of('api-call');

/** Runs Python with the gateway's modules, JSON in and JSON out. */
function python(program: string, input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-W', 'error', '-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    env: { PYTHONPATH: join(ROOT, 'services/gateway/python'), PYTHONDONTWRITEBYTECODE: '1' },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const ENCODE = `
import base64, json, sys
from stillwatch_gateway import Encoder
encoder = Encoder(${JSON.stringify(join(ROOT, 'schemas/api-call.avsc'))}, 1)
def bytes_of(record):
    try:
        return base64.b64encode(encoder.encode(record)).decode()
    except Exception as error:
        return type(error).__name__
print(json.dumps([bytes_of(record) for record in json.load(sys.stdin)]))
`;

const REPORT = `
import asyncio, base64, json, logging, sys
from stillwatch_gateway import Encoder
from stillwatch_litellm import StillwatchCallback
given = json.load(sys.stdin)
sent = []
callback = StillwatchCallback(lambda key, value: sent.append([key.decode(), base64.b64encode(value).decode()]),
    Encoder(${JSON.stringify(join(ROOT, 'schemas/api-call.avsc'))}, 1), hashing_key='k', send_text=given['text'])
logged = []
handler = logging.Handler()
handler.emit = lambda record: logged.append(record.getMessage())
logging.getLogger('stillwatch').addHandler(handler)
for kwargs in given['calls']:
    failed = (kwargs.get('standard_logging_object') or {}).get('status') == 'failure'
    event = callback.async_log_failure_event if failed else callback.async_log_success_event
    asyncio.run(event(kwargs, None, None, None))
print(json.dumps({'sent': sent, 'logged': logged}))
`;

/** What LiteLLM's proxy hands to a callback, as its documentation describes it (StandardLoggingPayload). */
function request(over: Record<string, unknown> = {}) {
  return {
    standard_logging_object: {
      id: 'chatcmpl-1',
      call_type: 'acompletion',
      status: 'success',
      model: 'provider/nimbus-2',
      model_group: 'nimbus-2',
      startTime: T,
      endTime: T + 1.5,
      prompt_tokens: 90,
      completion_tokens: 210,
      metadata: {
        user_api_key_hash: '88dc28d0f03',
        user_api_key_user_id: 'user_7',
        user_api_key_team_id: null,
        requester_ip_address: '192.0.2.7',
        usage_object: {
          completion_tokens_details: { reasoning_tokens: 150 },
          prompt_tokens_details: { cached_tokens: 12 },
        },
      },
      model_parameters: {
        temperature: 1,
        max_tokens: 512,
        stream: true,
        tools: [{ type: 'function', function: { name: 'run' } }],
      },
      messages: [
        { role: 'system', content: `You are ${SECRET}` },
        {
          role: 'user',
          content: [
            { type: 'text', text: SECRET },
            { type: 'image_url', image_url: { url: 'data:' } },
          ],
        },
      ],
      response: { choices: [{ finish_reason: 'tool_calls', message: { tool_calls: [{ id: 'a' }, { id: 'b' }] } }] },
      ...over,
    },
    litellm_params: { proxy_server_request: { headers: { 'User-Agent': 'OpenAI/Python 1.70.0' } } },
  };
}

function reported(calls: unknown[], text = false) {
  const { sent, logged } = python(REPORT, { calls, text }) as { sent: [string, string][]; logged: string[] };
  return {
    logged,
    calls: sent.map(([key, value]) => {
      const decoded = codec.decode(Buffer.from(value, 'base64'));
      assert.ok(decoded.ok);
      assert.equal(key, decoded.value.account_id);
      assert.equal(validateCall(decoded.value, { earliest: 0, latest: Date.UTC(2100, 0, 1) }), null);
      return decoded.value;
    }),
  };
}

test('a record written in Python is read as it was meant, what is left out is null', () => {
  const record = {
    event_id: 'e1',
    occurred_at: 1_776_859_200_250,
    account_id: 'acct_1',
    operation_name: 'chat',
    request_model: 'nimbus-2',
    input_tokens: 1,
    output_tokens: 2 ** 31 - 1,
    temperature: 0.5,
    prompt_text: '你好 🙂',
    status_code: 200,
  };
  const [whole, misspelt, wrong] = python(ENCODE, [
    record,
    { ...record, acount_id: 'x' },
    { ...record, input_tokens: 'many' },
  ]) as string[];
  const decoded = codec.decode(Buffer.from(whole ?? '', 'base64'));
  assert.ok(decoded.ok);
  const { account_id, prompt_text, occurred_at, output_tokens, temperature, source_ip } = decoded.value;
  assert.deepEqual(
    { account_id, prompt_text, occurred_at, output_tokens, temperature, source_ip },
    {
      account_id: 'acct_1',
      prompt_text: '你好 🙂',
      occurred_at: 1_776_859_200_250,
      output_tokens: 2 ** 31 - 1,
      temperature: 0.5,
      source_ip: null,
    },
  );
  assert.deepEqual([misspelt, wrong], ['ValueError', 'AvroTypeException']);
});

test('a request of LiteLLM is a call with all that it says, and nothing of the prompt but hashes and counts', () => {
  const { calls, logged } = reported([request()]);
  const { system_prompt_hash, tools_hash, ...call } = calls[0] ?? assert.fail();
  assert.deepEqual(logged, []);
  assert.deepEqual(
    { ...call },
    {
      event_id: 'chatcmpl-1',
      occurred_at: 1_776_859_200_250,
      account_id: 'user_7',
      api_key_id: '88dc28d0f03',
      source_ip: '192.0.2.7',
      source_asn: null,
      user_agent: 'OpenAI/Python 1.70.0',
      tls_fingerprint: null,
      operation_name: 'chat',
      request_model: 'nimbus-2',
      input_tokens: 90,
      output_tokens: 210,
      reasoning_tokens: 150,
      cached_input_tokens: 12,
      max_tokens: 512,
      temperature: 1,
      stream: true,
      tool_call_count: 2,
      image_count: 1,
      message_count: 2,
      prompt_text: null,
      prompt_fingerprint: null,
      finish_reason: 'tool_calls',
      status_code: 200,
      duration_ms: 1_500,
    },
  );
  assert.match(system_prompt_hash ?? '', /^[0-9a-f]{32}$/);
  assert.match(tools_hash ?? '', /^[0-9a-f]{32}$/);
});

test('the text goes along where it is asked for: the last message, when it is the user’s', () => {
  const [call] = reported([request()], true).calls;
  assert.equal(call?.prompt_text, SECRET);
  const answered = [
    { role: 'user', content: 'before' },
    { role: 'tool', content: 'a result' },
  ];
  assert.equal(reported([request({ messages: answered })], true).calls[0]?.prompt_text, null);
});

test('a failure has its status, and who has no account is not reported', () => {
  const failed = { status: 'failure', response: null, error_information: { error_code: '429' } };
  const { calls } = reported([
    request(failed),
    request({ ...failed, error_information: { error_code: 'Timeout' } }),
    request({ metadata: {} }),
    request({
      call_type: 'aembedding',
      messages: null,
      metadata: { user_api_key_team_id: 'team_1', user_api_key_user_id: 'user_7' },
    }),
  ]);
  assert.deepEqual(
    calls.map(({ status_code, account_id, operation_name }) => [status_code, account_id, operation_name]),
    [
      [429, 'user_7', 'chat'],
      [500, 'user_7', 'chat'],
      [200, 'team_1', 'embeddings'],
    ],
  );
});

test('what cannot be reported harms no request, and is logged without a word of it', () => {
  const { calls, logged } = reported([request({ startTime: SECRET }), {}, request()]);
  assert.equal(calls.length, 1);
  assert.deepEqual(logged, ['a call was not reported: ValueError']);
});
