import type { Hasher } from '../fingerprint/hasher.ts';
import type { AccountChange } from '../records/account.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import { DAY, HOUR, windowEnd } from '../records/window.ts';
import type { StateTable, StateTables } from '../stream/state-table.ts';
import { acquainted } from './acquaintances.ts';
import { createAttributeIndex } from './attribute-index.ts';
import { createAttributeWeights } from './attribute-weights.ts';
import { activeAlike, registeredAlike } from './candidates.ts';
import { type Company, companyOf } from './company.ts';
import { components } from './components.ts';
import { type EvidenceDeps, pairEvidence } from './evidence.ts';
import { createSharedBy, explain, type SharedBy } from './explain.ts';
import { nameClusters } from './identity.ts';
import { takeIn } from './intake.ts';
import { LINK_ROWS } from './link-rows.ts';
import { findCommonWork, type QueueMember } from './queues.ts';
import type { LinkSettings } from './settings.ts';
import { createSignups } from './signups.ts';
import { createWorkLog } from './work-log.ts';

export interface AddressedAssignment {
  assignment: Assignment;
  partition: number;
}

export interface Linker {
  /** Whole minute at which something is to be decided although nothing arrives (sightings expire, an hour ends); null: never. */
  nextDecision(): number | null;
  /** Times must ascend. */
  decide(
    time: number,
    changes: readonly AccountChange[],
    observations: readonly LinkObservation[],
  ): AddressedAssignment[];
}

export interface LinkerDeps {
  tables: StateTables;
  hasher: Hasher;
  settings: LinkSettings;
  count(name: string, reason: string, by?: number): void;
}

interface Cluster {
  foundedAt: number;
  /** Linked with each other. */
  members: string[];
  /** In it by their company only. */
  attached: string[];
}

/** Being in step is looked for this often: it takes a day to show, and looking for it costs most. */
const QUARTER_DAY = DAY / 4;
const NOBODY: ReadonlySet<string> = new Set();
const NO_LINKS: ReadonlyMap<string, number> = new Map();

/** Keeps the links between accounts, the clusters that they form, and what was told of each account. */
export function createLinker({ tables, hasher, settings, count }: LinkerDeps): Linker {
  const index = createAttributeIndex(tables, settings, (kind) => count('evicted', kind));
  const signups = createSignups(tables);
  const work = createWorkLog(tables, hasher, settings.work, count);
  const links = tables.packed('links', LINK_ROWS);
  const clusters = tables.table<Cluster>('clusters');
  const workCompany = tables.table<{ queue: string; at: number }>('work_company');
  const clock = tables.table<number>('clock');
  const deferred = tables.table<true>('deferred');
  const active = tables.table<true>('active');
  /** Made when the index is at rest: weights are remembered. */
  const evidenceDeps = (): EvidenceDeps => ({
    index,
    weights: createAttributeWeights(index, signups, settings),
    settings,
  });
  const queuesDeps = {
    log: work,
    organizationOf: (id: string) => index.known(id)?.organization ?? null,
    settings: settings.queue,
    callsKept: settings.kinds.lockstep.lifetime,
    ring: {
      acquainted: (ids: ReadonlySet<string>) => acquainted(ids, evidenceDeps()),
      binsOf: (id: string, from: number) =>
        new Set([...(index.known(id)?.bins.values() ?? [])].flat().filter((bin) => bin >= from)).size,
      settings: settings.ring,
    },
  };
  const clusterOf = (id: string): string | null => index.known(id)?.clusterId ?? null;

  const setLink = (from: string, to: string, strength: number | null): void => {
    const known = links.get(from) ?? new Map<string, number>();
    if (strength === null) known.delete(to);
    else known.set(to, strength);
    if (known.size === 0) links.delete(from);
    else links.set(from, known);
  };

  /** Notes who keeps a ring's company now, forgets who has not for as long as a queue is remembered; whoever is to be looked at. */
  const keepCompany = (company: readonly QueueMember[], time: number): string[] => {
    for (const { id, queue } of company) workCompany.set(id, { queue, at: time });
    const looked: string[] = [];
    for (const [id, { at }] of [...workCompany.entries()]) {
      if (at + settings.kinds.work_queue.lifetime <= time) workCompany.delete(id);
      looked.push(id);
    }
    return looked;
  };
  const companyAt = (id: string): Company | null => companyOf(id, workCompany.get(id)?.queue ?? null, index, settings);

  const decide = (
    time: number,
    changes: readonly AccountChange[],
    observations: readonly LinkObservation[],
  ): AddressedAssignment[] => {
    const dirty = takeIn(changes, observations, { index, signups, deferred, active, work, settings, count });
    if (time === index.nextExpiry()) for (const id of index.expire(time)) dirty.add(id);
    if (time % HOUR === 0) for (const id of drain(deferred)) dirty.add(id);
    if (time % QUARTER_DAY === 0) {
      const { members, company } = findCommonWork(time, queuesDeps);
      for (const { id, queue } of members) {
        if (index.see(id, 'work_queue', queue, time, () => count('inert', 'work_queue')) === 'new') dirty.add(id);
      }
      for (const id of keepCompany(company, time)) dirty.add(id);
    }
    const stepping = time % QUARTER_DAY === 0 ? drain(active) : NOBODY;
    clock.set('decided', time);
    const deps = evidenceDeps();

    /** Weighs an account against those it may be linked with; who won or lost a link is touched. */
    const touched = new Set<string>();
    const weighed = new Set([...dirty, ...stepping]);
    for (const id of [...weighed].sort()) {
      const before = links.get(id) ?? NO_LINKS;
      const compared = new Set([...before.keys(), ...registeredAlike(id, index, settings)]);
      if (stepping.has(id)) for (const other of activeAlike(id, index, settings)) compared.add(other);
      for (const other of [...compared].sort()) {
        const known = before.get(other);
        // The other end has just weighed it.
        if (known !== undefined && other < id && weighed.has(other)) continue;
        const { linked, strength } = pairEvidence(id, other, known !== undefined, deps);
        if (linked ? known === strength : known === undefined) continue;
        setLink(id, other, linked ? strength : null);
        setLink(other, id, linked ? strength : null);
        touched.add(id);
        touched.add(other);
      }
    }
    const changed = recluster(touched, dirty, time);
    const sharedBy = createSharedBy(index);
    return changed.flatMap((id) => tell(id, time, deps, sharedBy));
  };

  /** Parts around what was touched and their names; then who is attached where. Returns whose cluster is not the one last told, sorted. */
  const recluster = (touched: ReadonlySet<string>, dirty: ReadonlySet<string>, time: number): string[] => {
    const affected = new Set(touched);
    const old = new Map<string, Cluster>();
    const take = (clusterId: string | null): void => {
      const cluster = clusterId === null || old.has(clusterId) ? undefined : clusters.get(clusterId);
      if (clusterId === null || cluster === undefined) return;
      old.set(clusterId, cluster);
      for (const id of [...cluster.members, ...cluster.attached]) affected.add(id);
    };
    for (const id of touched) take(clusterOf(id));
    const parts = components(affected, { get: (id) => links.get(id) }, settings.components);
    for (const part of parts) {
      for (const id of part) {
        affected.add(id);
        take(clusterOf(id));
      }
    }
    const named = nameClusters(parts, {
      clusterOf: (id) => (index.known(id)?.attached === true ? null : clusterOf(id)),
      foundedAt: (clusterId) => clusters.get(clusterId)?.foundedAt ?? time,
      newId: (members) => `c_${hasher.hash64(`${time} ${members.slice(0, settings.leastCluster).join(' ')}`)}`,
      now: time,
      leastCluster: settings.leastCluster,
    });
    for (const clusterId of old.keys()) clusters.delete(clusterId);
    for (const id of affected) place(id, null, false);
    for (const { id: clusterId, foundedAt, members } of named) {
      clusters.set(clusterId, { foundedAt, members: [...members], attached: [] });
      for (const id of members) place(id, clusterId, false);
    }
    for (const id of [...new Set([...affected, ...dirty])].sort()) attach(id);
    return [...new Set([...affected, ...dirty])].sort();
  };

  const place = (id: string, clusterId: string | null, attached: boolean): void => {
    const owner = index.account(id);
    owner.clusterId = clusterId;
    owner.attached = attached;
    index.save(id);
  };

  /** An account that is linked with nobody may belong somewhere by its company. Only linked members count there, so the order does not matter. */
  const attach = (id: string): void => {
    const owner = index.known(id);
    if (owner === undefined || (owner.clusterId !== null && !owner.attached)) return;
    const to = companyAt(id)?.clusterId ?? null;
    if (to === owner.clusterId) return;
    const from = owner.clusterId === null ? undefined : clusters.get(owner.clusterId);
    if (owner.clusterId !== null && from !== undefined)
      clusters.set(owner.clusterId, { ...from, attached: from.attached.filter((other) => other !== id) });
    const cluster = to === null ? undefined : clusters.get(to);
    if (to !== null && cluster !== undefined)
      clusters.set(to, { ...cluster, attached: [...cluster.attached, id].sort() });
    place(id, to, to !== null);
  };

  /** Tells an account's cluster where it has changed and the account has a partition. Everybody's cluster is set by now: evidence counts the members. */
  const tell = (id: string, time: number, deps: EvidenceDeps, sharedBy: SharedBy): AddressedAssignment[] => {
    const owner = index.known(id);
    if (owner === undefined || owner.partition === null || owner.told === owner.clusterId) return [];
    const previous = owner.told;
    const cluster = owner.clusterId === null ? undefined : clusters.get(owner.clusterId);
    owner.version++;
    owner.told = owner.clusterId;
    index.save(id);
    const assignment: Assignment = {
      account_id: id,
      cluster_id: owner.clusterId,
      version: owner.version,
      effective_at: time,
      reason: reasonOf(previous, owner.clusterId),
      previous_cluster_id: previous,
      cluster_size: cluster === undefined ? 0 : cluster.members.length + cluster.attached.length,
      evidence:
        owner.clusterId === null
          ? []
          : explain(id, owner.clusterId, links.get(id)?.keys() ?? [], companyAt(id), deps, sharedBy),
    };
    return [{ assignment, partition: owner.partition }];
  };

  const reasonOf = (previous: string | null, now: string | null): Assignment['reason'] => {
    if (now === null) return 'left';
    if (previous === null) return 'joined';
    return clusters.has(previous) ? 'split' : 'merged';
  };

  return {
    nextDecision() {
      const expiry = index.nextExpiry();
      const decided = clock.get('decided') ?? 0;
      const times = expiry === null ? [] : [expiry];
      if (deferred.size > 0) times.push(windowEnd('hour', decided));
      if (active.size > 0 || work.size > 0) times.push((Math.floor(decided / QUARTER_DAY) + 1) * QUARTER_DAY);
      return times.length === 0 ? null : Math.min(...times);
    },
    decide,
  };
}

function drain(table: StateTable<true>): Set<string> {
  const ids = new Set<string>();
  for (const [id] of table.entries()) ids.add(id);
  for (const id of ids) table.delete(id);
  return ids;
}
