import { decodeFingerprint, type Fingerprinter, type PromptFingerprint } from '../fingerprint/fingerprint.ts';
import { type Hasher, perHasher } from '../fingerprint/hasher.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { CountedCall } from '../records/counted-call.ts';
import { type Address, type AddressOf, createAddresses } from './address.ts';
import { createForms, type Shape } from './form.ts';
import { createHashes } from './hashes.ts';
import type { NetworkResolver } from './network.ts';
import { createSenders, type Sender } from './sender.ts';
import type { ClientClassifier } from './user-agent.ts';

/** A call with what it says of its sender and its prompt. The prompt's text ends here. */
export interface EnrichedCall {
  account_id: string;
  address: Address;
  sender: Sender;
  shape: Shape;
  fingerprint: PromptFingerprint | null;
  counted: CountedCall;
}

export interface EnrichDeps {
  hasher: Hasher;
  fingerprinter: Fingerprinter;
  classifyClient: ClientClassifier;
  resolveNetwork: NetworkResolver;
}

export type Enrich = (call: ApiCall) => EnrichedCall;

export function createEnrich({ hasher, fingerprinter, classifyClient, resolveNetwork }: EnrichDeps): Enrich {
  const by = perHasher((own) => {
    const hashes = createHashes(own);
    return {
      addressOf: createAddresses(hashes, resolveNetwork),
      senderOf: createSenders({ hashes, formOf: createForms(hashes), classifyClient }),
    };
  });
  return (call) => {
    const own = hasher.at(call.occurred_at);
    const { addressOf, senderOf } = by(own);
    const sender = senderOf(call);
    const address = addressFor(call, sender, addressOf);
    const shape = sender.form.shapeOf(call.input_tokens, call.output_tokens);
    const fingerprint = fingerprintOf(call, fingerprinter.at(call.occurred_at));
    return {
      account_id: call.account_id,
      address,
      sender,
      shape,
      fingerprint,
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
        hosting: address.network.hosting,
        asn: address.network.asn,
        user_agent: sender.user_agent,
        prompt: fingerprint === null ? null : countedPrompt(fingerprint),
        shape_hash: shape.hash,
        ip_hash: address.ip_hash,
        network_hash: address.network_hash,
        asn_hash: address.asn_hash,
        user_agent_hash: sender.user_agent_hash,
        tls_hash: sender.tls_hash,
        key_hash: sender.key_hash,
      },
    };
  };
}

/** To compare it with the latest costs less than to look it up. */
function addressFor({ source_ip, source_asn }: ApiCall, sender: Sender, addressOf: AddressOf): Address {
  const latest = sender.latestAddress;
  if (latest !== null && latest.source_ip === source_ip && latest.source_asn === source_asn) return latest;
  const address = addressOf(source_ip, source_asn);
  sender.latestAddress = address;
  return address;
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
