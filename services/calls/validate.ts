import type { Account } from '../records/account.ts';
import type { ApiCall } from '../records/api-call.ts';

/** Why a record that could be decoded is refused. Never holds a value of the record. */
export interface Violation {
  reason: string;
  field: string;
  detail: string;
}

/** Event times outside are refused: one wrong clock must not move a whole partition's time. Milliseconds. */
export interface TimeBounds {
  earliest: number;
  latest: number;
}

const LONGEST_ID = 256;
const LONGEST_TEXT = 1_024;
/** More tokens than any context window, less than what would overflow a sum over a day. */
const MOST_TOKENS = 100_000_000;
const MOST_COUNT = 1_000_000;

/** Hand-written checks: a schema library costs more than everything else that is done to a call. */
export function validateCall(call: ApiCall, bounds: TimeBounds): Violation | null {
  return (
    id(call.event_id, 'event_id') ??
    id(call.account_id, 'account_id') ??
    time(call.occurred_at, 'occurred_at', bounds) ??
    id(call.operation_name, 'operation_name') ??
    id(call.request_model, 'request_model') ??
    amount(call.input_tokens, 'input_tokens', MOST_TOKENS) ??
    amount(call.output_tokens, 'output_tokens', MOST_TOKENS) ??
    optionalAmount(call.reasoning_tokens, 'reasoning_tokens', MOST_TOKENS) ??
    optionalAmount(call.cached_input_tokens, 'cached_input_tokens', MOST_TOKENS) ??
    optionalAmount(call.max_tokens, 'max_tokens', 2 ** 31 - 1) ??
    optionalAmount(call.tool_call_count, 'tool_call_count', MOST_COUNT) ??
    optionalAmount(call.image_count, 'image_count', MOST_COUNT) ??
    optionalAmount(call.message_count, 'message_count', MOST_COUNT) ??
    optionalAmount(call.duration_ms, 'duration_ms', 2 ** 31 - 1) ??
    optionalAmount(call.source_asn, 'source_asn', 2 ** 32 - 1) ??
    temperature(call.temperature) ??
    status(call.status_code) ??
    text(call.api_key_id, 'api_key_id') ??
    text(call.source_ip, 'source_ip') ??
    text(call.user_agent, 'user_agent') ??
    text(call.tls_fingerprint, 'tls_fingerprint') ??
    text(call.system_prompt_hash, 'system_prompt_hash') ??
    text(call.tools_hash, 'tools_hash')
  );
}

export function validateAccount(account: Account, bounds: TimeBounds): Violation | null {
  return (
    id(account.account_id, 'account_id') ??
    time(account.created_at, 'created_at', { ...bounds, earliest: 0 }) ??
    time(account.updated_at, 'updated_at', { ...bounds, earliest: 0 }) ??
    id(account.plan, 'plan') ??
    id(account.status, 'status') ??
    text(account.organization_id, 'organization_id') ??
    text(account.payment_fingerprint, 'payment_fingerprint') ??
    text(account.payment_bin, 'payment_bin') ??
    text(account.signup_ip, 'signup_ip') ??
    text(account.signup_device, 'signup_device') ??
    text(account.email_domain, 'email_domain') ??
    text(account.country, 'country') ??
    text(account.reseller_id, 'reseller_id')
  );
}

function id(value: string, field: string): Violation | null {
  if (typeof value !== 'string' || value === '')
    return violation('missing_field', field, 'is required and is missing or empty');
  if (value.length > LONGEST_ID) return violation('too_long', field, `is longer than ${LONGEST_ID} characters`);
  if (hasControl(value)) return violation('control_character', field, 'holds a control character');
  return null;
}

function hasControl(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function text(value: string | null, field: string): Violation | null {
  if (value === null || value.length <= LONGEST_TEXT) return null;
  return violation('too_long', field, `is longer than ${LONGEST_TEXT} characters`);
}

function time(value: number, field: string, { earliest, latest }: TimeBounds): Violation | null {
  if (!Number.isSafeInteger(value))
    return violation('timestamp_out_of_range', field, 'is not a whole number of milliseconds');
  if (value < earliest)
    return violation(
      'timestamp_out_of_range',
      field,
      `is before ${new Date(earliest).toISOString()}: is the gateway's clock set, and does it send milliseconds?`,
    );
  if (value > latest)
    return violation(
      'timestamp_out_of_range',
      field,
      `is after ${new Date(latest).toISOString()}: is the gateway's clock set, and does it send milliseconds?`,
    );
  return null;
}

function amount(value: number, field: string, most: number): Violation | null {
  if (!Number.isInteger(value)) return violation('not_a_number', field, 'is not a whole number');
  if (value < 0) return violation('negative_value', field, 'is negative');
  if (value > most) return violation('implausible_value', field, `is above ${most}`);
  return null;
}

function optionalAmount(value: number | null, field: string, most: number): Violation | null {
  return value === null ? null : amount(value, field, most);
}

function temperature(value: number | null): Violation | null {
  if (value === null) return null;
  if (!Number.isFinite(value)) return violation('not_a_number', 'temperature', 'is not a number');
  return value < 0 || value > 10 ? violation('implausible_value', 'temperature', 'is outside 0 to 10') : null;
}

function status(value: number): Violation | null {
  if (Number.isInteger(value) && value >= 100 && value <= 599) return null;
  return violation('implausible_value', 'status_code', 'is not an HTTP status, 100 to 599');
}

function violation(reason: string, field: string, detail: string): Violation {
  return { reason, field, detail: `${field} ${detail}` };
}
