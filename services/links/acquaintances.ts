import { createCandidates } from './candidates.ts';
import { areAcquainted, type EvidenceDeps } from './evidence.ts';
import type { Placement } from './placement.ts';

/**
 * Groups of accounts among these that are linked by who they are, each of `leastCluster` or more; sorted. Queues and being in step do not count, nor does
 * whoever is attached: what is concluded from the groups must not be what made them. None where fewer than `least` could be in one.
 */
export function acquainted(
  ids: ReadonlySet<string>,
  least: number,
  placement: Placement,
  deps: EvidenceDeps,
): string[][] {
  const { settings } = deps;
  // An account in no cluster is linked with nobody: most are, and cost nothing more than this look.
  const possible = new Set([...ids].filter((id) => placement.linkedIn(id) !== null).sort());
  if (possible.size < least) return [];
  const candidates = createCandidates(deps);
  const groups: string[][] = [];
  const grouped = new Set<string>();
  for (const start of possible) {
    if (grouped.has(start)) continue;
    const group = new Set([start]);
    for (const id of group) {
      for (const other of [...candidates.registeredAlike(id)].sort())
        if (possible.has(other) && !group.has(other) && areAcquainted(id, other, deps)) group.add(other);
    }
    for (const id of group) grouped.add(id);
    if (group.size >= settings.leastCluster) groups.push([...group].sort());
  }
  return groups;
}

/** Accounts that one is linked with by who they are; of those that share an attribute with many, some. */
export function acquaintancesOf(id: string, deps: EvidenceDeps): string[] {
  return [...createCandidates(deps).registeredAlike(id)].filter((other) => areAcquainted(id, other, deps)).sort();
}
