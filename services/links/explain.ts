import type { LinkEvidence } from '../records/assignment.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import type { AttributeIndex } from './attribute-index.ts';
import type { Company } from './company.ts';
import { type EvidenceDeps, pairEvidence, type SharedAttribute } from './evidence.ts';
import { maskAttribute } from './masking.ts';
import type { Placement } from './placement.ts';
import { attributeWeight } from './rarity.ts';

const MOST_EVIDENCE = 8;

/** Accounts of a cluster that share an attribute. */
export type SharedBy = (attribute: LinkAttribute, clusterId: string) => number;

/** Counted once for all accounts that are told at one time: a queue of thousands would else be counted through for each of them. */
export function createSharedBy(index: AttributeIndex, placement: Placement): SharedBy {
  const counted = new Map<string, number>();
  return ({ kind, value }, clusterId) => {
    const key = `${clusterId} ${kind} ${value}`;
    const known = counted.get(key);
    if (known !== undefined) return known;
    const count = index.members(kind, value).filter((member) => placement.of(member)?.clusterId === clusterId).length;
    counted.set(key, count);
    return count;
  };
}

/** What explanations at one time have in common. */
export interface Explaining {
  deps: EvidenceDeps;
  sharedBy: SharedBy;
  companyAt(id: string): Company | null;
}

/** Why an account is in a cluster: what it shares with those members that it is linked with, or with the company it keeps. Strongest first. */
export function explain(
  id: string,
  clusterId: string,
  linkedWith: Iterable<string>,
  placement: Placement,
  { deps, sharedBy, companyAt }: Explaining,
): LinkEvidence[] {
  const { index, settings } = deps;
  const strongest = new Map<string, SharedAttribute>();
  for (const other of linkedWith) {
    if (placement.of(other)?.clusterId !== clusterId) continue;
    for (const attribute of pairEvidence(id, other, true, deps).attributes) {
      // Every pair is in step in its own measure: the best one stands for all.
      const name = attribute.kind === 'lockstep' ? 'lockstep' : `${attribute.kind} ${attribute.value}`;
      const known = strongest.get(name);
      if (
        known === undefined ||
        attribute.weight > known.weight ||
        (attribute.weight === known.weight && attribute.value > known.value)
      )
        strongest.set(name, attribute);
    }
  }
  if (strongest.size === 0) {
    for (const { kind, value } of companyAt(id)?.attributes ?? []) {
      strongest.set(`${kind} ${value}`, {
        kind,
        value,
        weight: attributeWeight(kind, index.degree(kind, value), settings),
      });
    }
  }
  return [...strongest.values()]
    .sort((a, b) => b.weight - a.weight || compare(a.kind, b.kind) || compare(a.value, b.value))
    .slice(0, MOST_EVIDENCE)
    .map(({ kind, value, weight }) => ({
      kind,
      attribute: maskAttribute(kind, value),
      accounts: Math.max(2, sharedBy({ kind, value }, clusterId)),
      weight,
    }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
