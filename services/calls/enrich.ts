import { decodeFingerprint, type Fingerprinter, type PromptFingerprint } from '../fingerprint/fingerprint.ts';
import { type Hasher, perHasher } from '../fingerprint/hasher.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { CountedCall } from '../records/counted-call.ts';
import { cached } from './cached.ts';
import type { Network, NetworkResolver } from './network.ts';
import type { ClientClassifier } from './user-agent.ts';

/** A call with what it says of its sender and its prompt. The prompt's text ends here. */
export interface EnrichedCall {
  account_id: string;
  counted: CountedCall;
  fingerprint: PromptFingerprint | null;
  network: Network;
  /** Source address as sent. */
  source_ip: string | null;
  tls_fingerprint: string | null;
  user_agent: string | null;
  system_prompt_hash: string | null;
  tools_hash: string | null;
  /** Sampling parameters as one text, null when none was set. */
  sampling: string | null;
  /** Operation, model, length bands, parameters and tools: what a template looks like without text. */
  shape: string;
}

export interface EnrichDeps {
  hasher: Hasher;
  fingerprinter: Fingerprinter;
  classifyClient: ClientClassifier;
  resolveNetwork: NetworkResolver;
}

export type Enrich = (call: ApiCall) => EnrichedCall;

export function createEnrich({ hasher, fingerprinter, classifyClient, resolveNetwork }: EnrichDeps): Enrich {
  /** For what comes again: everything but the id of the call. */
  const rememberedBy = perHasher((one) => cached((text) => one.hash32(text)));
  return (call) => {
    const own = hasher.at(call.occurred_at);
    const hash32 = rememberedBy(own);
    const hashed = (text: string | null): number | null => (text === null ? null : hash32(text));
    const network = resolveNetwork(call.source_ip, call.source_asn);
    const client = classifyClient(call.user_agent);
    const fingerprint = fingerprintOf(call, fingerprinter.at(call.occurred_at));
    const sampling = samplingOf(call);
    const shape = shapeOf(call, sampling);
    return {
      account_id: call.account_id,
      fingerprint,
      network,
      source_ip: call.source_ip,
      tls_fingerprint: call.tls_fingerprint,
      user_agent: call.user_agent,
      system_prompt_hash: call.system_prompt_hash,
      tools_hash: call.tools_hash,
      sampling,
      shape,
      counted: {
        event_id: call.event_id,
        event_hash: own.hash32(call.event_id),
        occurred_at: call.occurred_at,
        status_code: call.status_code,
        operation_name: call.operation_name,
        request_model: call.request_model,
        input_tokens: call.input_tokens,
        output_tokens: call.output_tokens,
        reasoning_tokens: call.reasoning_tokens ?? 0,
        cached_input_tokens: call.cached_input_tokens ?? 0,
        stream: call.stream === true,
        has_tools: call.tools_hash !== null || (call.tool_call_count ?? 0) > 0,
        tool_call_count: call.tool_call_count ?? 0,
        message_count: call.message_count ?? 0,
        image_count: call.image_count ?? 0,
        hosting: network.hosting,
        asn: network.asn,
        user_agent: `${client.class}/${client.family}`,
        prompt: fingerprint === null ? null : countedPrompt(fingerprint),
        shape_hash: hash32(shape),
        ip_hash: hashed(call.source_ip),
        network_hash: hashed(network.network),
        asn_hash: network.asn === null ? null : hash32(`AS${network.asn}`),
        user_agent_hash: hashed(call.user_agent),
        tls_hash: hashed(call.tls_fingerprint),
        key_hash: hashed(call.api_key_id),
      },
    };
  };
}

function countedPrompt({ template, filling, markers, category, script }: PromptFingerprint) {
  return {
    template,
    template_hash: Number.parseInt(template.slice(0, 8), 16),
    filling_hash: Number.parseInt(filling.slice(0, 8), 16),
    markers,
    category,
    script,
  };
}

/** The gateway's own fingerprint goes first: it saw the whole prompt. */
function fingerprintOf(call: ApiCall, fingerprinter: Fingerprinter): PromptFingerprint | null {
  if (call.prompt_fingerprint !== null) {
    const known = decodeFingerprint(call.prompt_fingerprint);
    if (known !== null) return known;
  }
  return call.prompt_text === null || call.prompt_text === '' ? null : fingerprinter.fingerprint(call.prompt_text);
}

function samplingOf(call: ApiCall): string | null {
  if (call.temperature === null && call.max_tokens === null) return null;
  return `t${call.temperature ?? '-'} m${call.max_tokens ?? '-'}`;
}

function shapeOf(call: ApiCall, sampling: string | null): string {
  const lengths = `${31 - Math.clz32(call.input_tokens + 1)} ${31 - Math.clz32(call.output_tokens + 1)}`;
  return `${call.operation_name} ${call.request_model} ${lengths} ${sampling ?? '-'} ${call.stream ?? '-'} ${call.tools_hash ?? '-'}`;
}
