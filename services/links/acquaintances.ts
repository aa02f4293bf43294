import { createCandidates } from './candidates.ts';
import { areAcquainted, type EvidenceDeps } from './evidence.ts';
import type { LinkedAccount } from './linked-account.ts';
import type { Placement } from './placement.ts';

/** Who is linked with whom by who they are: queues and being in step do not count, so that what is concluded from it is not what made it. Good while the index is at rest. */
export interface Acquaintances {
  /** Accounts that one is linked with; of those that share an attribute with many, some. Sorted. */
  of(id: string): string[];
  /** Groups among these accounts, each of `leastCluster` or more; sorted. No account that is merely attached. None where fewer than `least` could be in one. */
  among(ids: ReadonlySet<string>, least: number): string[][];
}

/** An account with what is known of it, by its number: what hundreds of pairs ask for. */
interface Known {
  account: LinkedAccount;
  id: string;
  /** Whom it may be linked with; null: nobody asked yet. */
  alike: readonly number[] | null;
  /** Whether it is, of those with a greater number, as far as somebody asked. */
  pairs: Map<number, boolean>;
}

/** Remembers whom it has compared: the same accounts do several bundles of work. */
export function createAcquaintances(placement: Placement, deps: EvidenceDeps): Acquaintances {
  const { index, settings } = deps;
  const candidates = createCandidates(deps);
  const asked = new Map<number, Known>();
  const knownOf = (number: number): Known | null => {
    const found = asked.get(number);
    if (found !== undefined) return found;
    const id = index.idOf(number);
    const account = index.known(id);
    if (account === undefined) return null;
    const known = { account, id, alike: null, pairs: new Map() };
    asked.set(number, known);
    return known;
  };
  const alikeTo = (one: Known): readonly number[] => {
    one.alike ??= [...candidates.numbersRegisteredAlike(one.id)];
    return one.alike;
  };
  const numberOf = (id: string): number | null => index.known(id)?.number ?? null;
  const know = (one: Known, other: number): boolean => {
    const second = knownOf(other);
    if (second === null) return false;
    const [lower, upper] = one.account.number < other ? [one, second] : [second, one];
    const before = lower.pairs.get(upper.account.number);
    if (before !== undefined) return before;
    const found = areAcquainted(lower.account, upper.account, deps);
    lower.pairs.set(upper.account.number, found);
    return found;
  };
  const groupAround = (start: number, possible: ReadonlySet<number>): Set<number> => {
    const group = new Set([start]);
    for (const number of group) {
      const one = knownOf(number);
      if (one === null) continue;
      for (const other of alikeTo(one))
        if (possible.has(other) && !group.has(other) && know(one, other)) group.add(other);
    }
    return group;
  };
  return {
    of(id) {
      const number = numberOf(id);
      const one = number === null ? null : knownOf(number);
      if (one === null) return [];
      return alikeTo(one)
        .filter((other) => know(one, other))
        .map(index.idOf)
        .sort();
    },
    among(ids, least) {
      // An account in no cluster is linked with nobody: most are, and cost nothing more than this look.
      const linked = [...ids].filter((id) => placement.linkedIn(id) !== null).sort();
      if (linked.length < least) return [];
      const possible = new Set(linked.flatMap((id) => numberOf(id) ?? []));
      const groups: string[][] = [];
      const grouped = new Set<number>();
      for (const start of possible) {
        if (grouped.has(start)) continue;
        const group = groupAround(start, possible);
        for (const number of group) grouped.add(number);
        if (group.size >= settings.leastCluster) groups.push([...group].map(index.idOf).sort());
      }
      return groups;
    },
  };
}
