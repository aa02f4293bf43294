import type { Account } from '../../services/records/account.ts';
import type { ApiCall } from '../../services/records/api-call.ts';

export const NOON = Date.UTC(2026, 4, 1, 12);
export const BOUNDS = { earliest: Date.UTC(2024, 0, 1), latest: NOON + 86_400_000 };

/** A call with every field set to something ordinary. */
export const CALL: ApiCall = {
  event_id: 'e-1',
  occurred_at: NOON,
  account_id: 'a-1',
  api_key_id: 'k-1',
  source_ip: '192.0.2.7',
  source_asn: 64_500,
  user_agent: 'OpenAI/Python 1.70.0',
  tls_fingerprint: 't13d1516h2_8daaf6152771_b186095e22b6',
  operation_name: 'chat',
  request_model: 'model-1',
  input_tokens: 10,
  output_tokens: 20,
  reasoning_tokens: 0,
  cached_input_tokens: 0,
  max_tokens: 100,
  temperature: 0.7,
  stream: false,
  system_prompt_hash: 'h:01',
  tools_hash: 'h:02',
  tool_call_count: 0,
  image_count: 0,
  message_count: 1,
  prompt_text: 'Name three rivers.',
  prompt_fingerprint: null,
  finish_reason: 'stop',
  status_code: 200,
  duration_ms: 900,
};

export const ACCOUNT: Account = {
  account_id: 'a-1',
  created_at: Date.UTC(2019, 0, 1),
  updated_at: NOON,
  organization_id: null,
  plan: 'team',
  payment_fingerprint: 'h:03',
  payment_bin: '400000',
  signup_ip: '192.0.2.7',
  signup_device: 'h:04',
  email_domain: 'mail.example',
  country: 'CL',
  reseller_id: null,
  verified: true,
  status: 'active',
};
