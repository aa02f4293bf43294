import { type Hasher, perHasher } from '../fingerprint/hasher.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import { MINUTE } from '../records/window.ts';
import { cached } from './cached.ts';
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
  'shape',
  'work',
] as const;
type CallKind = (typeof KINDS)[number];

/** An attribute and a number for it: kind x 2^32 + keyed 32-bit hash of the value, so that keys of a kind are neighbours in order. */
export interface SeenAttribute extends LinkAttribute {
  kind: CallKind;
  key: number;
}

const KEY_SPAN = 2 ** 32;

/** An attribute by its key, which says of which kind it is. */
export function seenAttribute(key: number, value: string): SeenAttribute {
  const kind = KINDS[Math.floor(key / KEY_SPAN)];
  if (kind === undefined) throw new RangeError(`no kind of attribute has the key ${key}`);
  return { kind, value, key };
}

/** Least key of the kind that this key belongs to, and of the kind after it. */
export function kindSpan(key: number): { from: number; to: number } {
  const from = Math.floor(key / KEY_SPAN) * KEY_SPAN;
  return { from, to: from + KEY_SPAN };
}

/** Lockstep and work are new in each bin by nature: that they were reported before says nothing. */
export function isRecurrent(attribute: SeenAttribute): boolean {
  return attribute.kind !== 'lockstep' && attribute.kind !== 'work';
}

export type LinkAttributes = (call: EnrichedCall) => SeenAttribute[];

/** Values up to this long travel as they are; longer ones as their keyed hash. The wire allows 1,024 characters. */
const LONGEST_VALUE = 64;
/**
 * Bands of a fingerprint by which reworded templates meet: two of the opening, two of the tail (which is all there is of a template that begins with its
 * filling). The head's change with the filling too often, and every one more is work for `links`.
 */
const WORK_BANDS = [0, 1, 5, 6] as const;

/**
 * The attributes of a call by which its account may turn out to be somebody else's twin. Networks and addresses stay readable for the on-call (a gateway
 * that must not send them hashes them at the door); what combines fields or is long becomes a keyed hash.
 *
 * `work` says what was done when: bin, template, filling and bands of a prompt, from which `links` tells a work queue (services/links/work-sighting.ts reads
 * it). Bands are no attributes here: most are shared by nobody, and `links` knows which are not. Without text the request's shape takes the template's place.
 */
export function createLinkAttributes(hasher: Hasher): LinkAttributes {
  const by = perHasher(linkAttributesOf);
  return (call) => by(hasher.at(call.counted.occurred_at))(call);
}

/** By one key. */
function linkAttributesOf(hasher: Hasher): LinkAttributes {
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
    const bin = Math.floor(counted.occurred_at / LOCKSTEP_BIN);
    if (fingerprint !== null && counted.prompt !== null) {
      const { template_hash, filling_hash } = counted.prompt;
      const { template, filling, bands } = fingerprint;
      add('template', template, template_hash);
      // Odd multipliers permute the bins and fillings, so that two bins of one template never share a key.
      add('lockstep', `${bin}:${template}`, template_hash ^ Math.imul(bin, 0x9e3779b1));
      const named = WORK_BANDS.map((place) => `${place}${(bands[place] ?? 0).toString(16)}`).join(',');
      add(
        'work',
        `${bin}:${template}:${filling.slice(0, 8)}:${named}`,
        template_hash ^ Math.imul(bin, 0x9e3779b1) ^ Math.imul(filling_hash, 0x85ebca6b),
      );
    } else {
      const shape = hash64(shapeOf(call));
      const shapeHash = Number.parseInt(shape.slice(0, 8), 16);
      add('shape', shape, shapeHash);
      add('work', `${bin}:${shape}::`, shapeHash ^ Math.imul(bin, 0x9e3779b1));
    }
    return seen;
  };
}

/** What a template looks like without text: operation, model family, lengths in powers of four, parameters, tools, system prompt. */
function shapeOf({ counted, sampling, tools_hash, system_prompt_hash }: EnrichedCall): string {
  const family = counted.request_model.replace(/[-_.@]?\d[\d.-]*/g, '');
  const lengths = [counted.input_tokens, counted.output_tokens].map((tokens) => (31 - Math.clz32(tokens + 1)) >> 1);
  return `${counted.operation_name} ${family} ${lengths.join(' ')} ${sampling ?? '-'} ${tools_hash ?? '-'} ${system_prompt_hash ?? '-'}`;
}
