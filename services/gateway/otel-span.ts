import type { ApiCall } from '../records/api-call.ts';

/** As OpenTelemetry's own types have it, whose lists may have holes. */
type AttributeValue =
  | string
  | number
  | boolean
  | readonly (string | null | undefined)[]
  | readonly (number | null | undefined)[]
  | readonly (boolean | null | undefined)[]
  | undefined;

/** A finished span as OpenTelemetry's SDK hands it to an exporter (`ReadableSpan`), as far as it is read here. */
export interface GenAiSpan {
  spanContext(): { traceId: string; spanId: string };
  /** Seconds since the epoch, and nanoseconds. */
  startTime: readonly [seconds: number, nanoseconds: number];
  duration: readonly [seconds: number, nanoseconds: number];
  attributes: Readonly<Record<string, AttributeValue>>;
}

export interface SpanOptions {
  /** Attribute in which your instrumentation puts who is billed; the conventions have none. Default `enduser.id`. */
  accountAttribute?: string;
  /** Attribute with the id of the API key. */
  keyAttribute?: string;
}

const DEFAULT_ACCOUNT = 'enduser.id';
const OK = 200;
const SERVER_ERROR = 500;

/**
 * A span of the GenAI semantic conventions (OpenTelemetry 1.37, `gen_ai.*`) as a call; null for a span that is none, or that lacks what the contract asks for: an
 * account, an operation and a model. What the conventions do not say is null. Prompts (`gen_ai.input.messages`) are deliberately not read: send a
 * fingerprint, made where the request is (`stillwatch/fingerprint`).
 */
export function callOfSpan(
  span: GenAiSpan,
  { accountAttribute = DEFAULT_ACCOUNT, keyAttribute }: SpanOptions = {},
): ApiCall | null {
  const text = (name: string): string | null => textOf(span.attributes[name]);
  const number = (name: string): number | null => numberOf(span.attributes[name]);
  const count = (name: string): number | null => {
    const value = number(name);
    return value === null ? null : Math.trunc(value);
  };
  const account_id = text(accountAttribute);
  const operation_name = text('gen_ai.operation.name');
  const request_model = text('gen_ai.request.model') ?? text('gen_ai.response.model');
  if (account_id === null || operation_name === null || request_model === null) return null;
  const { traceId, spanId } = span.spanContext();
  return {
    event_id: `${traceId}-${spanId}`,
    occurred_at: milliseconds(span.startTime),
    account_id,
    api_key_id: keyAttribute === undefined ? null : text(keyAttribute),
    source_ip: text('client.address'),
    source_asn: null,
    user_agent: text('user_agent.original'),
    tls_fingerprint: text('tls.client.ja4') ?? text('tls.client.ja3'),
    operation_name,
    request_model,
    input_tokens: count('gen_ai.usage.input_tokens') ?? 0,
    output_tokens: count('gen_ai.usage.output_tokens') ?? 0,
    reasoning_tokens: count('gen_ai.usage.reasoning.output_tokens'),
    cached_input_tokens: count('gen_ai.usage.cache_read.input_tokens'),
    max_tokens: count('gen_ai.request.max_tokens'),
    temperature: number('gen_ai.request.temperature'),
    stream: null,
    system_prompt_hash: null,
    tools_hash: null,
    tool_call_count: null,
    image_count: null,
    message_count: null,
    prompt_text: null,
    prompt_fingerprint: null,
    finish_reason: text('gen_ai.response.finish_reasons'),
    status_code:
      count('http.response.status_code') ?? (text('error.type') === null ? OK : statusOf(text('error.type'))),
    duration_ms: milliseconds(span.duration),
  };
}

/** The first of several. */
function textOf(value: AttributeValue): string | null {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one !== '' ? one : null;
}

function numberOf(value: AttributeValue): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** `error.type` is the status where there was an answer, else the name of an exception. */
function statusOf(errorType: string | null): number {
  const status = Number(errorType);
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : SERVER_ERROR;
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return Math.round(seconds * 1_000 + nanoseconds / 1e6);
}
