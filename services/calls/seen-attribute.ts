import type { LinkAttribute } from '../records/link-observation.ts';

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
  readonly kind: CallKind;
  readonly key: number;
}

const KEY_SPAN = 2 ** 32;

/** An attribute of that kind. `hash`: 32 bits of its value. */
export function seen(kind: CallKind, value: string, hash: number): SeenAttribute {
  return { kind, value, key: KINDS.indexOf(kind) * KEY_SPAN + (hash >>> 0) };
}

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
