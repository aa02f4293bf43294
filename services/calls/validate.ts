import type { ApiCall } from '../records/api-call.ts';
import {
  amount,
  id,
  MOST_INT,
  optionalAmount,
  optionalFlag,
  optionalText,
  type TimeBounds,
  time,
  type Violation,
  violation,
} from './field-checks.ts';

export type { TimeBounds, Violation } from './field-checks.ts';
export { validateAccount } from './validate-account.ts';

/** More tokens than any context window, less than what would overflow a sum over a day. */
const MOST_TOKENS = 100_000_000;
const MOST_COUNT = 1_000_000;
const MOST_ASN = 2 ** 32 - 1;
const HIGHEST_TEMPERATURE = 10;

/**
 * Hand-written checks: a schema library costs more than everything else that is done to a call. The first violation found, or null.
 *
 * Not checked on purpose: `user_agent` and `prompt_text`. The caller chooses them, so a rule on them would be a way to keep one's calls out of the
 * windows: whatever they hold is counted. The classifier and the fingerprinter look at a bounded part.
 */
export function validateCall(call: ApiCall, bounds: TimeBounds): Violation | null {
  return (
    id(call.event_id, 'event_id') ??
    id(call.account_id, 'account_id') ??
    time(call.occurred_at, 'occurred_at', bounds) ??
    id(call.operation_name, 'operation_name') ??
    id(call.request_model, 'request_model') ??
    amount(call.input_tokens, 'input_tokens', MOST_TOKENS) ??
    amount(call.output_tokens, 'output_tokens', MOST_TOKENS) ??
    status(call.status_code) ??
    optionalAmount(call.reasoning_tokens, 'reasoning_tokens', MOST_TOKENS) ??
    optionalAmount(call.cached_input_tokens, 'cached_input_tokens', MOST_TOKENS) ??
    // A limit, not an amount: "as much as you like" is written as the largest integer.
    optionalAmount(call.max_tokens, 'max_tokens', MOST_INT) ??
    optionalAmount(call.tool_call_count, 'tool_call_count', MOST_COUNT) ??
    optionalAmount(call.image_count, 'image_count', MOST_COUNT) ??
    optionalAmount(call.message_count, 'message_count', MOST_COUNT) ??
    optionalAmount(call.duration_ms, 'duration_ms', MOST_INT) ??
    optionalAmount(call.source_asn, 'source_asn', MOST_ASN) ??
    temperature(call.temperature) ??
    optionalFlag(call.stream, 'stream') ??
    optionalText(call.api_key_id, 'api_key_id') ??
    optionalText(call.source_ip, 'source_ip') ??
    optionalText(call.tls_fingerprint, 'tls_fingerprint') ??
    optionalText(call.system_prompt_hash, 'system_prompt_hash') ??
    optionalText(call.tools_hash, 'tools_hash') ??
    optionalText(call.finish_reason, 'finish_reason')
  );
}

function temperature(value: number | null): Violation | null {
  if (value === null) return null;
  if (!Number.isFinite(value)) return violation('not_a_number', 'temperature', 'is not a number');
  return value < 0 || value > HIGHEST_TEMPERATURE
    ? violation('implausible_value', 'temperature', `is outside 0 to ${HIGHEST_TEMPERATURE}`)
    : null;
}

function status(value: number): Violation | null {
  if (Number.isInteger(value) && value >= 100 && value <= 599) return null;
  return violation('implausible_value', 'status_code', 'is not an HTTP status, 100 to 599');
}
