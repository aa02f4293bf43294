import type { Hasher } from '../fingerprint/hasher.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import { MINUTE } from '../records/window.ts';
import type { EnrichedCall } from './enrich.ts';

/** Accounts that use the same template in the same bin are in step; once is chance, many times is not (SynchroTrap, CCS'14). */
export const LOCKSTEP_BIN = 5 * MINUTE;

/** The kinds that a call can show; their places are part of saved state (attribute keys): append only. */
const KINDS = [
  'egress_ip',
  'egress_network',
  'client',
  'system_prompt',
  'tools',
  'sampling',
  'template',
  'lockstep',
] as const;
type CallKind = (typeof KINDS)[number];

/** An attribute and a number for it: kind x 2^32 + keyed 32-bit hash of the value, so that keys of a kind are neighbours in order. */
export interface SeenAttribute extends LinkAttribute {
  kind: CallKind;
  key: number;
}

const KEY_SPAN = 2 ** 32;

/** Least key of the kind that this key belongs to, and of the kind after it. */
export function kindSpan(key: number): { from: number; to: number } {
  const from = Math.floor(key / KEY_SPAN) * KEY_SPAN;
  return { from, to: from + KEY_SPAN };
}

/** A lockstep attribute is new in each bin by nature: that it was reported before says nothing. */
export function isRecurrent(attribute: SeenAttribute): boolean {
  return attribute.kind !== 'lockstep';
}

export type LinkAttributes = (call: EnrichedCall) => SeenAttribute[];

/** Values up to this long travel as they are; longer ones as their keyed hash. The wire allows 1,024 characters. */
const LONGEST_VALUE = 64;
/** Clients, system prompts, tools and parameters repeat. Cleared whole when full, which needs no bookkeeping on the hot path. */
const MOST_CACHED = 20_000;

/**
 * The attributes of a call by which its account may turn out to be somebody else's twin. Networks and addresses stay readable for the on-call (a gateway
 * that must not send them hashes them at the door); what combines fields or is long becomes a keyed hash.
 * Deliberately absent: request shape and LSH bands of a prompt. Unrelated accounts share them far too often to link anybody.
 */
export function createLinkAttributes(hasher: Hasher): LinkAttributes {
  const hash32 = cached((text) => hasher.hash32(text));
  const hash64 = cached((text) => hasher.hash64(text));
  const bounded = (value: string): string => (value.length <= LONGEST_VALUE ? value : hash64(value));
  return (call) => {
    const seen: SeenAttribute[] = [];
    const add = (kind: CallKind, value: string, hash: number): void => {
      seen.push({ kind, value, key: KINDS.indexOf(kind) * KEY_SPAN + (hash >>> 0) });
    };
    const { network, fingerprint, counted } = call;
    if (call.source_ip !== null && network.kind !== 'invalid') {
      add('egress_ip', bounded(call.source_ip), counted.ip_hash ?? 0);
    }
    if (network.network !== null) add('egress_network', network.network, counted.network_hash ?? 0);
    if (call.tls_fingerprint !== null || call.user_agent !== null) {
      const client = hash64(`${call.tls_fingerprint ?? '-'} ${call.user_agent ?? '-'}`);
      add('client', client, Number.parseInt(client.slice(0, 8), 16));
    }
    if (call.system_prompt_hash !== null) {
      add('system_prompt', bounded(call.system_prompt_hash), hash32(call.system_prompt_hash));
    }
    if (call.tools_hash !== null) add('tools', bounded(call.tools_hash), hash32(call.tools_hash));
    if (call.sampling !== null) add('sampling', call.sampling, hash32(call.sampling));
    if (fingerprint !== null && counted.prompt !== null) {
      const { template_hash } = counted.prompt;
      const bin = Math.floor(counted.occurred_at / LOCKSTEP_BIN);
      add('template', fingerprint.template, template_hash);
      // An odd multiplier permutes the bins, so that two bins of one template never share a key.
      add('lockstep', `${bin}:${fingerprint.template}`, template_hash ^ Math.imul(bin, 0x9e3779b1));
    }
    return seen;
  };
}

function cached<Value>(compute: (text: string) => Value): (text: string) => Value {
  const cache = new Map<string, Value>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    if (cache.size >= MOST_CACHED) cache.clear();
    const value = compute(text);
    cache.set(text, value);
    return value;
  };
}
