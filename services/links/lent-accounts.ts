import type { WorkBundle } from './work-bundle.ts';

export interface LentDeps {
  /** The cluster that an account is linked in, and how many accounts it has. */
  clusterOf(id: string): { id: string; accounts: number } | null;
  /** Accounts that it is linked with by who they are. */
  acquaintancesOf(id: string): readonly string[];
  /** Five-minute bins since `from` in which an account called at all. */
  binsOf(id: string, from: number): number;
}

/** Share of an account's acquaintances that do the work, from which on it is their work. */
const THEIR_WORK = 0.5;
/** Bins below which nothing is known of what an acquaintance does. */
const KNOWN_FROM = 5;

/**
 * Without the accounts that are lent: whose acquaintances mostly do other things. Where one customer of a pool that resells harvests through some of its accounts,
 * these do the harvest's work, but they are the pool's: taken for one with the other accounts of the harvest they would make all of the pool one with it, and its
 * ordinary customers would be accused. The accounts of a campaign know each other from its own work.
 */
export function withoutLent(
  ids: readonly string[],
  { own }: Pick<WorkBundle, 'own'>,
  since: number,
  deps: LentDeps,
): readonly string[] {
  const working = new Set(own.flatMap(({ calls }) => [...calls.keys()]));
  const inCluster = new Map<string, number>();
  for (const id of working) {
    const cluster = deps.clusterOf(id);
    if (cluster !== null) inCluster.set(cluster.id, (inCluster.get(cluster.id) ?? 0) + 1);
  }
  return ids.filter((id) => {
    const cluster = deps.clusterOf(id);
    // Nobody's account, or that of a cluster most of which does the work: there is no need to look at acquaintances one by one.
    if (cluster === null || (inCluster.get(cluster.id) ?? 0) >= THEIR_WORK * cluster.accounts) return true;
    const known = deps
      .acquaintancesOf(id)
      .filter((other) => working.has(other) || deps.binsOf(other, since) >= KNOWN_FROM);
    return known.filter((other) => working.has(other)).length >= THEIR_WORK * known.length;
  });
}
