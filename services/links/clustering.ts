import type { StateTable, StateTables } from '../stream/state-table.ts';
import type { Company } from './company.ts';
import { components } from './components.ts';
import { nameClusters } from './identity.ts';
import type { Placement } from './placement.ts';
import type { LinkSettings } from './settings.ts';

interface Cluster {
  foundedAt: number;
  /** Linked with each other. Sorted. */
  members: string[];
  /** In it by their company only. Sorted. */
  attached: string[];
  /** Accounts that its members were connected with, however weakly, when it was formed, and they themselves. */
  connected: number;
}

/** Which accounts form which cluster. `placement` says where an account is; here is who is in it. */
export interface Clustering {
  /**
   * Forms clusters anew around accounts whose links have changed, then looks where these and those of `looked` are attached. `whole`: those beyond `oversized`
   * are taken apart as well. Returns whose cluster may have changed, sorted.
   */
  regroup(touched: ReadonlySet<string>, looked: ReadonlySet<string>, time: number, whole: boolean): string[];
  has(clusterId: string): boolean;
  /** Accounts in it, attached ones included. */
  size(clusterId: string): number;
  /** Something waits for the next time that is `whole`. */
  isWaiting(): boolean;
}

export interface ClusteringDeps {
  tables: StateTables;
  placement: Placement;
  links: Pick<StateTable<Map<string, number>>, 'get'>;
  settings: LinkSettings;
  newId(time: number, founders: readonly string[]): string;
  /** Looks up the company that accounts keep; good while nobody's links change. */
  companyNow(): (id: string) => Company | null;
}

/**
 * A cluster is formed anew from all its links whenever one of them changes: nothing of it is remembered, so what was wrong leaves no trace. Where more than
 * `oversized` accounts are connected, in one cluster or in hundreds that hold each other weakly, that would take seconds for each newcomer. Such a cluster is
 * settled: between two whole times it takes in who is linked with it, few at a time, and lets go who has no link left; whatever else has changed waits.
 */
export function createClustering({
  tables,
  placement,
  links,
  settings,
  newId,
  companyNow,
}: ClusteringDeps): Clustering {
  const clusters = tables.table<Cluster>('clusters');
  const waiting = tables.table<true>('unsettled');
  const { block, oversized } = settings.components;
  const clusterOf = (id: string): string | null => placement.of(id)?.clusterId ?? null;

  const isSettled = (clusterId: string): boolean => {
    const cluster = clusters.get(clusterId);
    return cluster !== undefined && Math.max(cluster.members.length, cluster.connected) > oversized;
  };
  /** The settled cluster that the account is a linked member of. */
  const settledOf = (id: string): string | null => {
    const clusterId = placement.linkedIn(id);
    return clusterId !== null && isSettled(clusterId) ? clusterId : null;
  };

  const leave = (id: string): void => {
    const from = clusterOf(id);
    const cluster = from === null ? undefined : clusters.get(from);
    const others = (ids: readonly string[]): string[] => ids.filter((other) => other !== id);
    if (from !== null && cluster !== undefined)
      clusters.set(from, { ...cluster, members: others(cluster.members), attached: others(cluster.attached) });
    placement.set(id, null);
  };

  /** Forms and names the clusters around `touched`, `whole` or over links that lead into no settled one. All accounts that were or are in one of them. */
  const form = (touched: ReadonlySet<string>, time: number, whole: boolean): Set<string> => {
    const isLeftOut = (id: string): boolean => !whole && settledOf(id) !== null;
    const affected = new Set(touched);
    const old = new Set<string>();
    const take = (id: string): void => {
      const clusterId = clusterOf(id);
      const cluster = clusterId === null || old.has(clusterId) ? undefined : clusters.get(clusterId);
      if (clusterId === null || cluster === undefined) return;
      if (!whole && isSettled(clusterId)) {
        leave(id); // it was attached there, and may be again
        return;
      }
      old.add(clusterId);
      for (const member of [...cluster.members, ...cluster.attached]) affected.add(member);
    };
    for (const id of touched) take(id);
    const parts = components(affected, { get: (id) => without(links.get(id), isLeftOut) }, settings.components);
    for (const { members } of parts) {
      for (const id of members) {
        affected.add(id);
        take(id);
      }
    }
    const named = nameClusters(
      parts.map(({ members }) => members),
      {
        clusterOf: placement.linkedIn,
        foundedAt: (clusterId) => clusters.get(clusterId)?.foundedAt ?? time,
        newId: (members) => newId(time, members.slice(0, settings.leastCluster)),
        now: time,
        leastCluster: settings.leastCluster,
      },
    );
    const connected = new Map(parts.map((part) => [part.members[0], part.connected]));
    for (const clusterId of old) clusters.delete(clusterId);
    const placed = new Set<string>();
    for (const { id: clusterId, foundedAt, members } of named) {
      clusters.set(clusterId, {
        foundedAt,
        members: [...members],
        attached: [],
        connected: connected.get(members[0]) ?? members.length,
      });
      for (const id of members) {
        placement.set(id, { clusterId, attached: false });
        placed.add(id);
      }
    }
    for (const id of affected) if (!placed.has(id)) placement.set(id, null);
    return affected;
  };

  /** The settled cluster with which these have most links between them; null: none. */
  const nearest = (ids: readonly string[]): string | null => {
    const found = new Map<string, number>();
    for (const id of ids) {
      for (const other of links.get(id)?.keys() ?? []) {
        const clusterId = settledOf(other);
        if (clusterId !== null) found.set(clusterId, (found.get(clusterId) ?? 0) + 1);
      }
    }
    const [most] = [...found].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return most?.[0] ?? null;
  };

  /** Groups of fewer than `block` join a settled cluster by any link, as they would in `components`; larger ones wait. */
  const join = (ids: ReadonlySet<string>): void => {
    const groups = new Map<string, string[]>();
    for (const id of [...ids].sort()) {
      const name = clusterOf(id) ?? id;
      groups.set(name, [...(groups.get(name) ?? []), id]);
    }
    for (const [name, group] of groups) {
      const to = nearest(group);
      if (to === null) continue;
      for (const id of group) waiting.set(id, true);
      if (group.length >= block) continue;
      clusters.delete(name);
      const cluster = clusters.get(to);
      if (cluster !== undefined) clusters.set(to, { ...cluster, members: [...cluster.members, ...group].sort() });
      for (const id of group) placement.set(id, { clusterId: to, attached: false });
    }
  };

  /** An account that is linked with nobody may belong somewhere by its company. Only linked members count there, so the order does not matter. */
  const attach = (id: string, companyAt: (id: string) => Company | null): void => {
    const from = placement.of(id);
    if (from !== null && !from.attached) return;
    const to = companyAt(id)?.clusterId ?? null;
    if (to === (from?.clusterId ?? null)) return;
    leave(id);
    const cluster = to === null ? undefined : clusters.get(to);
    if (to === null || cluster === undefined) return;
    clusters.set(to, { ...cluster, attached: [...cluster.attached, id].sort() });
    placement.set(id, { clusterId: to, attached: true });
  };

  return {
    regroup(touched, looked, time, whole) {
      const open = new Set<string>();
      const affected = new Set<string>();
      for (const id of touched) {
        if (whole || settledOf(id) === null) open.add(id);
        else if (links.get(id) !== undefined) waiting.set(id, true);
        else {
          leave(id);
          affected.add(id);
        }
      }
      if (whole) {
        for (const id of [...waiting.entries()].map(([id]) => id)) {
          open.add(id);
          waiting.delete(id);
        }
      }
      const formed = form(open, time, whole);
      if (!whole) join(formed);
      const changed = [...new Set([...affected, ...formed, ...looked])].sort();
      const companyAt = companyNow();
      for (const id of changed) attach(id, companyAt);
      return changed;
    },
    has: (clusterId) => clusters.has(clusterId),
    size(clusterId) {
      const cluster = clusters.get(clusterId);
      return cluster === undefined ? 0 : cluster.members.length + cluster.attached.length;
    },
    isWaiting: () => waiting.size > 0,
  };
}

function without(
  linked: ReadonlyMap<string, number> | undefined,
  isLeftOut: (id: string) => boolean,
): ReadonlyMap<string, number> | undefined {
  if (linked === undefined) return undefined;
  for (const id of linked.keys()) {
    if (isLeftOut(id)) return new Map([...linked].filter(([other]) => !isLeftOut(other)));
  }
  return linked;
}
