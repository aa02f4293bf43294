import { MINUTE } from '../records/window.ts';
import type { EnrichedCall } from './enrich.ts';
import { type SeenAttribute, seen } from './seen-attribute.ts';

/** Accounts that use the same template in the same bin are in step; once is chance, many times is not (SynchroTrap, CCS'14). */
export const LOCKSTEP_BIN = 5 * MINUTE;

/**
 * Bands of a fingerprint by which reworded templates meet: two of the opening, two of the tail (which is all there is of a template that begins with its
 * filling). The head's change with the filling too often, and every one more is work for `links`.
 */
const WORK_BANDS = [0, 1, 5, 6] as const;

/**
 * The attributes of a call by which its account may turn out to be somebody else's twin: those of its address and its sender, and what it asks for and when.
 *
 * `work` says what was done when: bin, template, filling and bands of a prompt, from which `links` tells a work queue (services/links/work-sighting.ts reads
 * it). Bands are no attributes here: most are shared by nobody, and `links` knows which are not. Without text the request's shape takes the template's place.
 *
 * Ascending by key: one of a kind, in the order of the kinds.
 */
export function linkAttributes({ address, sender, shape, fingerprint, counted }: EnrichedCall): SeenAttribute[] {
  const bin = Math.floor(counted.occurred_at / LOCKSTEP_BIN);
  // Odd multipliers permute the bins and fillings, so that two bins of one template never share a key.
  const ofBin = Math.imul(bin, 0x9e3779b1);
  if (fingerprint === null || counted.prompt === null) {
    const { value, key } = shape.attribute;
    const work = seen('work', `${bin}:${value}::`, key ^ ofBin);
    return [...address.attributes, ...sender.attributes, shape.attribute, work];
  }
  const { template_hash, filling_hash } = counted.prompt;
  const { template, filling, bands } = fingerprint;
  const named = WORK_BANDS.map((place) => `${place}${(bands[place] ?? 0).toString(16)}`).join(',');
  return [
    ...address.attributes,
    ...sender.attributes,
    seen('template', template, template_hash),
    seen('lockstep', `${bin}:${template}`, template_hash ^ ofBin),
    seen(
      'work',
      `${bin}:${template}:${filling.slice(0, 8)}:${named}`,
      template_hash ^ ofBin ^ Math.imul(filling_hash, 0x85ebca6b),
    ),
  ];
}
