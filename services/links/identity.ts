export interface NamedCluster {
  id: string;
  foundedAt: number;
  members: readonly string[];
}

export interface Naming {
  /** Cluster that an account was in so far. */
  clusterOf(id: string): string | null;
  /** Event time at which a cluster was founded. */
  foundedAt(clusterId: string): number;
  /** Name for accounts that had none: from who they are and when. */
  newId(members: readonly string[]): string;
  now: number;
  leastCluster: number;
}

/**
 * Names parts so that a cluster keeps its id while it grows, and the larger part keeps it when it splits or merges: each part takes the id that most of its
 * members had (the older one when equal), the larger part choosing first; without one it gets a new id. Too small parts get none.
 */
export function nameClusters(
  parts: readonly (readonly string[])[],
  { clusterOf, foundedAt, newId, now, leastCluster }: Naming,
): NamedCluster[] {
  const taken = new Set<string>();
  const named: NamedCluster[] = [];
  for (const members of [...parts].sort((a, b) => b.length - a.length || compare(a[0] ?? '', b[0] ?? ''))) {
    if (members.length < leastCluster) continue;
    const votes = new Map<string, number>();
    for (const member of members) {
      const cluster = clusterOf(member);
      if (cluster !== null && !taken.has(cluster)) votes.set(cluster, (votes.get(cluster) ?? 0) + 1);
    }
    const [kept] = [...votes].sort(([a, m], [b, n]) => n - m || foundedAt(a) - foundedAt(b) || compare(a, b));
    const id = kept?.[0] ?? newId(members);
    taken.add(id);
    named.push({ id, foundedAt: kept === undefined ? now : foundedAt(id), members });
  }
  return named;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
