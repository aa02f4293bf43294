import type { LinkEvidence } from '../assignment.ts';
import type { LinkKind } from '../link-observation.ts';
import type { Formula } from './feature.ts';

/** What kinds of attribute say the same thing of a cluster. */
export type SharedGroup = 'payment' | 'signup' | 'network' | 'client' | 'synchrony';

const GROUP_OF: Readonly<Record<LinkKind, SharedGroup>> = {
  payment_fingerprint: 'payment',
  payment_bin: 'payment',
  signup_device: 'signup',
  signup_batch: 'signup',
  signup_ip: 'network',
  signup_network: 'network',
  egress_ip: 'network',
  egress_network: 'network',
  client: 'client',
  system_prompt: 'client',
  tools: 'client',
  sampling: 'client',
  template: 'synchrony',
  lockstep: 'synchrony',
  template_band: 'synchrony',
  work: 'synchrony',
  work_queue: 'synchrony',
  shape: 'client',
};

/** Accounts that an attribute joins, weighed by its rarity: a hundred accounts behind an address that thousands share count for nothing. */
function weightedDegree({ accounts, weight }: LinkEvidence): number {
  return accounts * weight;
}

/** Weighted degree of the attribute of this group that joins most; 0 when there is none. null where nobody asked what links accounts. */
export function sharedDegree(group: SharedGroup): Formula {
  return ({ evidence }) => {
    if (evidence === undefined) return null;
    let most = 0;
    for (const entry of evidence) if (GROUP_OF[entry.kind] === group) most = Math.max(most, weightedDegree(entry));
    return most;
  };
}

/** What of a cluster's evidence its features need: of each kind the attribute with the largest weighted degree, in the order of the kinds' names. */
export function widestOfEachKind(evidence: readonly LinkEvidence[]): LinkEvidence[] {
  const widest = new Map<LinkKind, LinkEvidence>();
  for (const entry of evidence) {
    const known = widest.get(entry.kind);
    if (known === undefined || isWider(entry, known)) widest.set(entry.kind, entry);
  }
  return [...widest.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

function isWider(entry: LinkEvidence, known: LinkEvidence): boolean {
  return (
    weightedDegree(entry) > weightedDegree(known) ||
    (weightedDegree(entry) === weightedDegree(known) && entry.attribute < known.attribute)
  );
}
