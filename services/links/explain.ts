import type { LinkEvidence } from '../records/assignment.ts';
import { companyOf } from './company.ts';
import { type EvidenceDeps, pairEvidence, type SharedAttribute } from './evidence.ts';
import { maskAttribute } from './masking.ts';
import { attributeWeight } from './rarity.ts';

const MOST_EVIDENCE = 8;

/** Why an account is in a cluster: what it shares with those members that it is linked with, or with the company it keeps. Strongest first. */
export function explain(
  id: string,
  clusterId: string,
  linkedWith: Iterable<string>,
  deps: EvidenceDeps,
): LinkEvidence[] {
  const { index, settings } = deps;
  const strongest = new Map<string, SharedAttribute>();
  for (const other of linkedWith) {
    if (index.known(other)?.clusterId !== clusterId) continue;
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
    for (const { kind, value } of companyOf(id, index, settings)?.attributes ?? []) {
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
      accounts: Math.max(
        2,
        index.members(kind, value).filter((member) => index.known(member)?.clusterId === clusterId).length,
      ),
      weight,
    }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
