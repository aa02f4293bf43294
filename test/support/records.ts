import { addMember, createMembers } from '../../services/clusters/members.ts';
import type { Account } from '../../services/records/account.ts';
import type { AccountWindow } from '../../services/records/account-window.ts';
import { addCall, type CountedCall, createAccumulator, mergeAccumulators } from '../../services/records/accumulator.ts';
import type { AlertEvent } from '../../services/records/alert.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import type { ClusterWindow } from '../../services/records/subject-window.ts';

/** Midnight of the simulated first day: a whole minute, hour and day. */
export const T = Date.UTC(2026, 3, 22);

export function apiCall(over: Partial<ApiCall> = {}): ApiCall {
  return {
    event_id: 'evt_1',
    occurred_at: T,
    account_id: 'acct_1',
    api_key_id: null,
    source_ip: '203.0.113.7',
    source_asn: null,
    user_agent: 'openai/python 1.40.0',
    tls_fingerprint: null,
    operation_name: 'chat',
    request_model: 'nimbus-large-4',
    input_tokens: 100,
    output_tokens: 20,
    reasoning_tokens: null,
    cached_input_tokens: null,
    max_tokens: null,
    temperature: null,
    stream: null,
    system_prompt_hash: null,
    tools_hash: null,
    tool_call_count: null,
    image_count: null,
    message_count: null,
    prompt_text: null,
    prompt_fingerprint: null,
    finish_reason: null,
    status_code: 200,
    duration_ms: null,
    ...over,
  };
}

/** Sent to a partition as its last, so that the windows before it close without the wall clock having a say. */
export function closingCall(partition: number, at: number): ApiCall {
  return apiCall({ event_id: `closing_${partition}`, account_id: `closing_${partition}`, occurred_at: at });
}

export function account(over: Partial<Account> = {}): Account {
  return {
    account_id: 'acct_1',
    created_at: T - 86_400_000,
    updated_at: T - 86_400_000,
    organization_id: null,
    plan: 'pay_as_you_go',
    payment_fingerprint: null,
    payment_bin: null,
    signup_ip: null,
    signup_device: null,
    email_domain: null,
    country: null,
    reseller_id: null,
    verified: null,
    status: 'active',
    ...over,
  };
}

export function countedCall(over: Partial<CountedCall> = {}): CountedCall {
  return {
    event_id: 'evt_1',
    event_hash: 1,
    occurred_at: T,
    status_code: 200,
    operation_name: 'chat',
    request_model: 'nimbus-large-4',
    input_tokens: 100,
    output_tokens: 20,
    reasoning_tokens: 0,
    cached_input_tokens: 0,
    stream: false,
    has_tools: false,
    tool_call_count: 0,
    message_count: 0,
    image_count: 0,
    hosting: false,
    asn: null,
    user_agent: 'sdk/openai-python',
    prompt: null,
    shape_hash: 1,
    ip_hash: 1,
    network_hash: 1,
    asn_hash: 1,
    user_agent_hash: 1,
    tls_hash: null,
    key_hash: null,
    ...over,
  };
}

export function accountWindow(
  accountId: string,
  calls: readonly Partial<CountedCall>[],
  over: Partial<AccountWindow> = {},
): AccountWindow {
  const accumulator = createAccumulator();
  for (const call of calls) addCall(accumulator, countedCall(call), T);
  const profile = {
    plan: 'pay_as_you_go',
    organization_id: null,
    country: 'US',
    reseller_id: null,
    status: 'active',
    verified: false,
    created_at: T - 86_400_000,
  };
  return { account_id: accountId, window_size: 'hour', window_end: T + 3_600_000, profile, accumulator, ...over };
}

export function alertEvent(): AlertEvent {
  return {
    type: 'stillwatch.alert.opened',
    emitted_at: T + 60_000,
    alert: {
      alert_id: 'a_1',
      revision: 3,
      status: 'open',
      verdict: 'harvesting',
      severity: 'page',
      subject_type: 'cluster',
      subject_id: 'c_1',
      opened_at: T,
      updated_at: T,
      first_seen: T,
      last_seen: T,
      account_count: 9,
      exchange_count: 100,
      exchanges_before_alert: 100,
      confidence: 0.9,
      signatures: [],
      linking_evidence: [],
      sample_accounts: ['acct_1'],
      sample_event_ids: ['evt_1'],
      rules_hash: 'abc',
      atlas_technique: 'AML.T0024.002',
      query: 'SELECT 1',
      runbook_url: 'https://example.org',
      summary: 'Nine linked accounts.',
      baseline_note: '',
      cohort: 'free/chat/gpt-/calls-4^3',
    },
  };
}

/** An hour of that many accounts on one card, each with these calls. */
export function clusterWindow(
  clusterId: string,
  accounts: number,
  calls: readonly Partial<CountedCall>[],
): ClusterWindow {
  const accumulator = createAccumulator();
  const members = createMembers();
  for (let number = 0; number < accounts; number++) {
    const window = accountWindow(`acct_${number}`, calls);
    mergeAccumulators(accumulator, window.accumulator);
    addMember(members, window);
  }
  return {
    subject_type: 'cluster',
    subject_id: clusterId,
    window_size: 'hour',
    window_end: T + 3_600_000,
    accumulator,
    members,
    evidence: [{ kind: 'payment_fingerprint', attribute: 'pay_…1', accounts, weight: 1 }],
    cohort: 'all',
    signatures: [],
    verdict: 'none',
    confidence: 0,
    rules_hash: 'abc',
    context: [],
  };
}
