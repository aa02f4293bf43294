import { createCandidates } from './candidates.ts';
import { areAcquainted, type EvidenceDeps } from './evidence.ts';
import type { Placement } from './placement.ts';

/** Who is linked with whom by who they are: queues and being in step do not count, so that what is concluded from it is not what made it. Good while the index is at rest. */
export interface Acquaintances {
  /** Accounts that one is linked with; of those that share an attribute with many, some. Sorted. */
  of(id: string): string[];
  /** Groups among these accounts, each of `leastCluster` or more; sorted. No account that is merely attached. None where fewer than `least` could be in one. */
  among(ids: ReadonlySet<string>, least: number): string[][];
}

/** Remembers whom it has compared: the same accounts do several bundles of work. */
export function createAcquaintances(placement: Placement, deps: EvidenceDeps): Acquaintances {
  const candidates = createCandidates(deps);
  const alike = new Map<string, readonly string[]>();
  const pairs = new Map<string, Map<string, boolean>>();
  const alikeTo = (id: string): readonly string[] => {
    const known = alike.get(id);
    if (known !== undefined) return known;
    const found = [...candidates.registeredAlike(id)].sort();
    alike.set(id, found);
    return found;
  };
  const know = (a: string, b: string): boolean => {
    const [first, second] = a < b ? [a, b] : [b, a];
    const ofFirst = pairs.get(first) ?? new Map<string, boolean>();
    pairs.set(first, ofFirst);
    const known = ofFirst.get(second) ?? areAcquainted(first, second, deps);
    ofFirst.set(second, known);
    return known;
  };
  return {
    of: (id) => alikeTo(id).filter((other) => know(id, other)),
    among(ids, least) {
      // An account in no cluster is linked with nobody: most are, and cost nothing more than this look.
      const possible = new Set([...ids].filter((id) => placement.linkedIn(id) !== null).sort());
      if (possible.size < least) return [];
      const groups: string[][] = [];
      const grouped = new Set<string>();
      for (const start of possible) {
        if (grouped.has(start)) continue;
        const group = new Set([start]);
        for (const id of group) {
          for (const other of alikeTo(id))
            if (possible.has(other) && !group.has(other) && know(id, other)) group.add(other);
        }
        for (const id of group) grouped.add(id);
        if (group.size >= deps.settings.leastCluster) groups.push([...group].sort());
      }
      return groups;
    },
  };
}
