import type { LinkKind } from '../records/link-observation.ts';
import type { AttributeIndex } from './attribute-index.ts';
import type { LinkedAccount } from './linked-account.ts';
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
export type FindCompany = (id: string, queue: string | null) => Company | null;

/** Good while nobody's links change: the clusters of what many accounts hold are counted once for all of them. */
export function createFindCompany(
  index: AttributeIndex,
  placement: Placement,
  { company, kinds, hold }: LinkSettings,
): FindCompany {
  const counted = new Map<string, Holders>();
  const holdersOf = (kind: LinkKind, value: string): Holders => {
    const key = `${kind} ${value}`;
    const known = counted.get(key);
    if (known !== undefined) return known;
    const numbers = index.memberNumbers(kind, value);
    const clusters = new Map<string, number>();
    for (const number of numbers.length <= company.least ? [] : numbers) {
      const clusterId = placement.linkedIn(index.idOf(number));
      if (clusterId !== null) clusters.set(clusterId, (clusters.get(clusterId) ?? 0) + 1);
    }
    const holders = { numbers, clusters };
    counted.set(key, holders);
    return holders;
  };
  /** The cluster that nearly all other holders belong to. */
  const keptBy = (owner: LinkedAccount, own: string | null, kind: LinkKind, value: string, share: number) => {
    const { numbers, clusters } = holdersOf(kind, value);
    for (const [clusterId, count] of clusters) {
      const others = count - (clusterId === own && numbers.includes(owner.number) ? 1 : 0);
      if (others >= company.least && others >= share * (numbers.length - 1)) return clusterId;
    }
    return null;
  };

  return (id, queue) => {
    const owner = index.known(id);
    if (owner === undefined) return null;
    const own = placement.linkedIn(id);
    if (queue !== null) {
      const clusterId = keptBy(owner, own, 'work_queue', queue, company.share);
      if (clusterId !== null) return { clusterId, attributes: [{ kind: 'work_queue', value: queue }] };
    }
    const share = placement.of(id)?.attached === true ? company.share * hold : company.share;
    const found = new Map<string, { groups: Set<EvidenceGroup>; attributes: Company['attributes'] }>();
    for (const kind of KINDS) {
      if (kind !== 'egress_ip' && found.size === 0) return null;
      for (const value of [...(owner.sightings.get(kind)?.keys() ?? [])].sort()) {
        const clusterId = keptBy(owner, own, kind, value, share);
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
  };
}

/** Who holds an attribute, by number, and how many of them each cluster has. */
interface Holders {
  numbers: readonly number[];
  clusters: ReadonlyMap<string, number>;
}
