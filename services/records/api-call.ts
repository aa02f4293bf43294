/**
 * One finished request to the LLM API, as a gateway reports it (topic `llm.api-calls`, key `account_id`).
 * Field names are the wire's: one name from Avro through TypeScript to a ClickHouse column.
 */
export interface ApiCall {
  event_id: string;
  /** When the request arrived at the gateway, milliseconds since the epoch: event time. */
  occurred_at: number;
  account_id: string;
  api_key_id: string | null;
  /** IPv4 or IPv6 text, or a keyed hash `h:<hex>`. */
  source_ip: string | null;
  source_asn: number | null;
  user_agent: string | null;
  tls_fingerprint: string | null;
  operation_name: string;
  request_model: string;
  input_tokens: number;
  output_tokens: number;
  reasoning_tokens: number | null;
  cached_input_tokens: number | null;
  max_tokens: number | null;
  temperature: number | null;
  stream: boolean | null;
  system_prompt_hash: string | null;
  tools_hash: string | null;
  tool_call_count: number | null;
  image_count: number | null;
  message_count: number | null;
  /** The last user message. Becomes a fingerprint inside `calls` and goes no further. */
  prompt_text: string | null;
  prompt_fingerprint: Uint8Array | null;
  finish_reason: string | null;
  status_code: number;
  duration_ms: number | null;
}
