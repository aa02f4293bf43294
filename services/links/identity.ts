import { LEAST_CLUSTER } from './settings.ts';

export interface NamedCluster {
  id: string;
  members: readonly string[];
}

/**
 * Names components so that a cluster keeps its id while it grows, and the larger part keeps it when it splits or merges: each component takes the id that
 * most of its members had, the larger component choosing first; without one it gets a new id. Too small components get none.
 */
export function nameClusters(
  parts: readonly (readonly string[])[],
  clusterOf: (id: string) => string | null,
  newId: (members: readonly string[]) => string,
): NamedCluster[] {
  const taken = new Set<string>();
  const largestFirst = [...parts].sort((a, b) => b.length - a.length || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  const named: NamedCluster[] = [];
  for (const members of largestFirst) {
    if (members.length < LEAST_CLUSTER) continue;
    const votes = new Map<string, number>();
    for (const member of members) {
      const cluster = clusterOf(member);
      if (cluster !== null && !taken.has(cluster)) votes.set(cluster, (votes.get(cluster) ?? 0) + 1);
    }
    const [kept] = [...votes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const id = kept?.[0] ?? newId(members);
    taken.add(id);
    named.push({ id, members });
  }
  return named;
}
