import { MARKER_BITS } from '../fingerprint/markers/all.ts';

/** What an accumulator needs to know of one call: everything already enriched and hashed. */
export interface CountedCall {
  event_id: string;
  event_hash: number;
  occurred_at: number;
  status_code: number;
  operation_name: string;
  request_model: string;
  input_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cached_input_tokens: number;
  stream: boolean;
  has_tools: boolean;
  tool_call_count: number;
  /** Messages of the conversation; 0 when the gateway does not say. */
  message_count: number;
  image_count: number;
  hosting: boolean;
  user_agent: string;
  prompt: CountedPrompt | null;
  shape_hash: number;
  ip_hash: number | null;
  network_hash: number | null;
  /** AS number; null when nobody knows it. */
  asn: number | null;
  asn_hash: number | null;
  user_agent_hash: number | null;
  tls_hash: number | null;
  key_hash: number | null;
}

export interface CountedPrompt {
  template: string;
  template_hash: number;
  filling_hash: number;
  /** Bit set, see fingerprint/markers. */
  markers: number;
  script: string;
  /** Task category: code, math, writing, ... Absent where the fingerprint does not say: counted as `other`. */
  category?: string;
}

/** Any of what a student model is trained on: reasoning, judgements, rewrites, new tasks. */
export const PRODUCT_MARKED = Object.values(MARKER_BITS).reduce((all, bit) => all | bit, 0);

const CONVERSATION = 4;

/**
 * Part of an agent's loop: tools are offered, and either the model used one or the conversation goes back and forth (four messages: system, request, the
 * model's step, its result). A single question with tools on offer, as every assistant product sends, is not.
 */
export function isAgentic({ has_tools, tool_call_count, message_count }: CountedCall): boolean {
  return has_tools && (tool_call_count > 0 || message_count >= CONVERSATION);
}
