import type { AttributeIndex } from './attribute-index.ts';
import type { Placement } from './placement.ts';
import type { EvidenceGroup, LinkSettings } from './settings.ts';

/** A cluster to which an account belongs by the company it keeps, and what it shares with it. */
export interface Company {
  clusterId: string;
  attributes: { kind: 'egress_ip' | 'client' | 'system_prompt' | 'tools' | 'template' | 'work_queue'; value: string }[];
}

/** The address first: without one there is nothing to look for. */
const KINDS: readonly Company['attributes'][number]['kind'][] = [
  'egress_ip',
  'client',
  'system_prompt',
  'tools',
  'template',
];

/**
 * An account that shares nothing of WHO it is, yet both calls from an address and uses a client (or prompt, tools, template) that practically nobody uses
 * but one established cluster. It is attached, not linked: it counts for nothing when others are judged, holds no two groups together, and founds nothing.
 * A bystander who shares a popular address or application is not: most of its holders are elsewhere. So is whoever keeps the company of a ring (`queue`, work-ring.ts).
 */
export function companyOf(
  id: string,
  queue: string | null,
  index: AttributeIndex,
  placement: Placement,
  { company, kinds, hold }: LinkSettings,
): Company | null {
  const owner = index.known(id);
  if (owner === undefined) return null;
  if (queue !== null) {
    const clusterId = keptBy(id, index.members('work_queue', queue), placement, company);
    if (clusterId !== null) return { clusterId, attributes: [{ kind: 'work_queue', value: queue }] };
  }
  const isAttached = placement.of(id)?.attached === true;
  const found = new Map<string, { groups: Set<EvidenceGroup>; attributes: Company['attributes'] }>();
  for (const kind of KINDS) {
    if (kind !== 'egress_ip' && found.size === 0) return null;
    for (const value of [...(owner.sightings.get(kind)?.keys() ?? [])].sort()) {
      const clusterId = keptBy(
        id,
        index.members(kind, value),
        placement,
        isAttached ? { ...company, share: company.share * hold } : company,
      );
      if (clusterId === null) continue;
      const entry = found.get(clusterId) ?? { groups: new Set(), attributes: [] };
      entry.groups.add(kinds[kind].group);
      entry.attributes.push({ kind, value });
      found.set(clusterId, entry);
    }
  }
  const [best] = [...found]
    .filter(([, { groups }]) => groups.has('network') && groups.has('application'))
    .sort(([a, x], [b, y]) => y.attributes.length - x.attributes.length || (a < b ? -1 : 1));
  return best === undefined ? null : { clusterId: best[0], attributes: best[1].attributes };
}

/** The cluster that nearly all other holders belong to. */
function keptBy(
  id: string,
  members: readonly string[],
  placement: Placement,
  { share, least }: LinkSettings['company'],
): string | null {
  if (members.length <= least) return null;
  const votes = new Map<string, number>();
  for (const member of members) {
    const clusterId = member === id ? null : placement.linkedIn(member);
    if (clusterId !== null) votes.set(clusterId, (votes.get(clusterId) ?? 0) + 1);
  }
  const others = members.length - 1;
  for (const [clusterId, count] of votes) if (count >= least && count >= share * others) return clusterId;
  return null;
}
