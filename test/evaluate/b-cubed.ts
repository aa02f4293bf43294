export interface BCubed {
  precision: number;
  recall: number;
  f1: number;
}

/**
 * B-cubed (Bagga and Baldwin, 1998) averaged over the accounts for which `counts` is true: an account's precision is the share of its cluster that has its actor,
 * its recall the share of its actor's accounts that are in its cluster. An account in no cluster is a cluster of its own. Null when no account counts.
 */
export function bCubed(
  actorOf: ReadonlyMap<string, string>,
  clusterOf: ReadonlyMap<string, string>,
  counts: (account: string) => boolean,
): BCubed | null {
  const ofActor = new Map<string, number>();
  const ofCluster = new Map<string, number>();
  const ofBoth = new Map<string, number>();
  const clusterName = (account: string): string => clusterOf.get(account) ?? `alone ${account}`;
  const up = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  for (const [account, actor] of actorOf) {
    const cluster = clusterName(account);
    up(ofActor, actor);
    up(ofCluster, cluster);
    up(ofBoth, `${actor} in ${cluster}`);
  }
  let accounts = 0;
  let precision = 0;
  let recall = 0;
  for (const [account, actor] of actorOf) {
    if (!counts(account)) continue;
    const cluster = clusterName(account);
    const shared = ofBoth.get(`${actor} in ${cluster}`) ?? 0;
    accounts++;
    precision += shared / (ofCluster.get(cluster) ?? 1);
    recall += shared / (ofActor.get(actor) ?? 1);
  }
  if (accounts === 0) return null;
  precision /= accounts;
  recall /= accounts;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
