import fc from 'fast-check';
import type { CountedCall } from '../../services/records/accumulator.ts';
import { MINUTE } from '../../services/records/window.ts';

/** Small domains, so that calls of one test share values, and now and then more than the caps allow. */
const hash = fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 0xffffffff }));
const optionalHash = fc.option(hash, { nil: null });

const prompt = fc.record({
  template: fc
    .integer({ min: 0, max: 300 })
    .map((number) => ((number * 0x9e3779b1) >>> 0).toString(16).padStart(16, '0')),
  template_hash: hash,
  filling_hash: hash,
  markers: fc.integer({ min: 0, max: 15 }),
  script: fc.constantFrom('latin', 'han', 'none', 'code'),
  category: fc.constantFrom('code', 'math', 'other'),
});

/** An enriched call of the minute that starts at `start`. */
export function countedCall(start = 0): fc.Arbitrary<CountedCall> {
  const call = fc.record({
    event_id: fc.integer({ min: 0, max: 10_000 }).map((number) => `event-${number}`),
    event_hash: hash,
    occurred_at: fc.integer({ min: start, max: start + MINUTE - 1 }),
    status_code: fc.constantFrom(200, 200, 400, 429, 500),
    operation_name: fc.constantFrom('chat', 'embeddings'),
    request_model: fc.integer({ min: 0, max: 400 }).map((number) => `model-${number}`),
    input_tokens: fc.integer({ min: 0, max: 5_000 }),
    output_tokens: fc.integer({ min: 0, max: 500 }),
    reasoning_tokens: fc.integer({ min: 0, max: 500 }),
    cached_input_tokens: fc.integer({ min: 0, max: 500 }),
    stream: fc.boolean(),
    has_tools: fc.boolean(),
    tool_call_count: fc.integer({ min: 0, max: 5 }),
    message_count: fc.integer({ min: 0, max: 6 }),
    image_count: fc.integer({ min: 0, max: 2 }),
    hosting: fc.boolean(),
    asn: fc.option(fc.integer({ min: 1, max: 5 })),
    user_agent: fc.constantFrom('sdk/openai-python', 'script/curl', 'relay/one-api', 'browser/firefox', 'absent/none'),
    prompt: fc.option(prompt, { nil: null }),
    shape_hash: hash,
    ip_hash: optionalHash,
    network_hash: optionalHash,
    asn_hash: optionalHash,
    user_agent_hash: optionalHash,
    tls_hash: optionalHash,
    key_hash: optionalHash,
  }); // What is a data centre is known by the autonomous system.
  return call.map((drawn) => ({ ...drawn, hosting: drawn.hosting && drawn.asn !== null }));
}
