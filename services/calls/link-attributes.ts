import type { Hasher } from '../fingerprint/hasher.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import { MINUTE } from '../records/window.ts';
import type { EnrichedCall } from './enrich.ts';

/** Accounts that use the same template in the same bin are in step; once is chance, many times is not (SynchroTrap, CCS'14). */
export const LOCKSTEP_BIN = 5 * MINUTE;

/** The attributes of a call by which its account may turn out to be somebody else's twin. Values are hashed; networks stay readable for the on-call. */
export function linkAttributes(call: EnrichedCall, hasher: Hasher): LinkAttribute[] {
  const attributes: LinkAttribute[] = [];
  const { network, fingerprint, counted } = call;
  if (call.source_ip !== null && network.kind !== 'invalid')
    attributes.push({ kind: 'egress_ip', value: call.source_ip });
  if (network.network !== null) attributes.push({ kind: 'egress_network', value: network.network });
  if (call.tls_fingerprint !== null || call.user_agent !== null) {
    attributes.push({
      kind: 'client',
      value: hasher.hash64(`${call.tls_fingerprint ?? '-'} ${call.user_agent ?? '-'}`),
    });
  }
  if (call.system_prompt_hash !== null) attributes.push({ kind: 'system_prompt', value: call.system_prompt_hash });
  if (call.tools_hash !== null) attributes.push({ kind: 'tools', value: call.tools_hash });
  if (call.sampling !== null) attributes.push({ kind: 'sampling', value: call.sampling });
  if (fingerprint !== null) {
    attributes.push({ kind: 'template', value: fingerprint.template });
    attributes.push({
      kind: 'lockstep',
      value: `${Math.floor(counted.occurred_at / LOCKSTEP_BIN)}:${fingerprint.template}`,
    });
  }
  return attributes;
}
