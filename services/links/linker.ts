import type { Hasher } from '../fingerprint/hasher.ts';
import type { AccountChange } from '../records/account.ts';
import type { Assignment, LinkEvidence } from '../records/assignment.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import { DAY, HOUR, MINUTE, windowEnd } from '../records/window.ts';
import type { StateTables } from '../stream/state-table.ts';
import { accountAttributes } from './account-attributes.ts';
import { components } from './components.ts';
import { combine, evidenceOf, type PairEvidence, type SharedAttribute } from './evidence.ts';
import { createLinkGraph, type Sighting } from './graph.ts';
import { nameClusters } from './identity.ts';
import { maskAttribute } from './masking.ts';
import { DECIDES_AT_ONCE, LINK_KINDS } from './settings.ts';

const MOST_EVIDENCE = 8;

export interface AddressedAssignment {
  assignment: Assignment;
  partition: number;
}

export interface Linker {
  /** The whole minute at which a change of that time is in force; a late one is in force at the next decision. */
  tickOf(time: number): number;
  /** When to decide, ascending: where something waits, and where a day ends (old sightings expire). */
  decisionTimes(waiting: readonly number[], watermark: number): number[];
  decide(
    time: number,
    changes: readonly AccountChange[],
    observations: readonly LinkObservation[],
  ): AddressedAssignment[];
}

export interface LinkerDeps {
  tables: StateTables;
  hasher: Hasher;
  count(name: string, reason: string, by?: number): void;
}

/** Keeps the graph of accounts and attributes, the links between accounts, and what was told of each account's cluster. */
export function createLinker({ tables, hasher, count }: LinkerDeps): Linker {
  const graph = createLinkGraph(tables, (reason) => count('evicted', reason));
  const links = tables.table<string[]>('links');
  const clusters = tables.table<string[]>('clusters');
  const clock = tables.table<number>('clock');
  /** Accounts to look at again when the hour ends. */
  const deferred = tables.table<true>('deferred');

  const linksOf = (id: string): ReadonlySet<string> => new Set(links.get(id) ?? []);
  const adjacency = { get: (id: string) => linksOf(id) };

  const setLinks = (id: string, others: ReadonlySet<string>): void => {
    if (others.size === 0) links.delete(id);
    else links.set(id, [...others].sort());
  };

  /** Takes in what was seen; the accounts whose links may have changed by it. */
  const absorb = (changes: readonly AccountChange[], observations: readonly LinkObservation[]): Set<string> => {
    const dirty = new Set<string>();
    const see = (id: string, sighting: Sighting): void => {
      if (!graph.see(id, sighting)) return;
      if (DECIDES_AT_ONCE.has(LINK_KINDS[sighting.kind].group)) dirty.add(id);
      else deferred.set(id, true);
      const members = graph.members(sighting.kind, sighting.value);
      // The attribute has just become too common to mean anything: whoever was linked by it is looked at again.
      if (members.length === LINK_KINDS[sighting.kind].cap + 1) for (const member of members) dirty.add(member);
    };
    for (const { account_id, account, at } of [...changes].sort(
      (a, b) => a.at - b.at || compare(a.account_id, b.account_id),
    )) {
      if (account === null) {
        const known = graph.known(account_id);
        if (known === undefined) continue;
        for (const [kind, values] of known.sightings)
          for (const value of [...values.keys()]) graph.forget(account_id, kind, value);
        dirty.add(account_id);
        continue;
      }
      for (const { kind, value } of accountAttributes(account)) see(account_id, { kind, value, at });
    }
    for (const { account_id, partition, observed_at, attributes } of [...observations].sort((a, b) =>
      compare(a.account_id, b.account_id),
    )) {
      const owner = graph.account(account_id);
      if (owner.partition !== partition) {
        owner.partition = partition;
        dirty.add(account_id);
        graph.save(account_id);
      }
      for (const { kind, value } of attributes) see(account_id, { kind, value, at: observed_at });
    }
    return dirty;
  };

  const expire = (time: number, dirty: Set<string>): void => {
    for (const [id, { sightings }] of graph.accounts.entries()) {
      for (const [kind, values] of sightings) {
        for (const [value, at] of [...values]) {
          if (time - at <= LINK_KINDS[kind].lifetime) continue;
          graph.forget(id, kind, value);
          dirty.add(id);
        }
      }
    }
  };

  /** Whom an account should be linked with as the evidence stands: single accounts, and clusters whose members together show enough. */
  const wanted = (id: string): Set<string> => {
    const evidence = evidenceOf(id, graph, linksOf(id));
    const others = new Set(evidence.filter(({ linked }) => linked).map(({ other }) => other));
    for (const other of linkedThroughCluster(evidence, (other) => graph.known(other)?.clusterId ?? null))
      others.add(other);
    return others;
  };

  const relink = (id: string, touched: Set<string>): void => {
    const before = linksOf(id);
    const after = wanted(id);
    // A link stands as long as one of its ends wants it: what one shares with a cluster, a single member need not share with it.
    for (const other of before) if (!after.has(other) && wanted(other).has(id)) after.add(other);
    for (const other of new Set([...before, ...after])) {
      if (before.has(other) === after.has(other)) continue;
      const theirs = new Set(linksOf(other));
      if (after.has(other)) theirs.add(id);
      else theirs.delete(id);
      setLinks(other, theirs);
      touched.add(other);
    }
    if (before.size > 0 || after.size > 0) touched.add(id);
    setLinks(id, after);
  };

  /** Tells an account's cluster where it has changed and the account has a partition. Everybody's cluster is already set: evidence counts the members. */
  const tell = (
    id: string,
    previous: string | null,
    size: number,
    reason: Assignment['reason'],
    time: number,
  ): AddressedAssignment[] => {
    const owner = graph.account(id);
    const told = owner.clusterId ?? '';
    if (owner.partition === null || owner.told === told) return [];
    owner.version++;
    owner.told = told;
    graph.save(id);
    const assignment: Assignment = {
      account_id: id,
      cluster_id: owner.clusterId,
      version: owner.version,
      effective_at: time,
      reason,
      previous_cluster_id: previous,
      cluster_size: size,
      evidence: owner.clusterId === null ? [] : explain(id, owner.clusterId),
    };
    return [{ assignment, partition: owner.partition }];
  };

  const explain = (id: string, clusterId: string): LinkEvidence[] => {
    const strongest = new Map<string, SharedAttribute>();
    for (const { other, shared } of evidenceOf(id, graph, linksOf(id))) {
      if (graph.known(other)?.clusterId !== clusterId) continue;
      for (const attribute of shared) {
        const name = `${attribute.kind} ${attribute.value}`;
        if ((strongest.get(name)?.weight ?? 0) < attribute.weight) strongest.set(name, attribute);
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
          graph.members(kind, value).filter((member) => graph.known(member)?.clusterId === clusterId).length,
        ),
        weight,
      }));
  };

  /** Components around what was touched, their names, and who has to be told. */
  const recluster = (touched: ReadonlySet<string>, time: number): AddressedAssignment[] => {
    const affected = new Set<string>();
    const old = new Map<string, readonly string[]>();
    for (const id of touched) {
      affected.add(id);
      const cluster = graph.known(id)?.clusterId ?? null;
      if (cluster === null || old.has(cluster)) continue;
      const members = clusters.get(cluster) ?? [];
      old.set(cluster, members);
      for (const member of members) affected.add(member);
    }
    const parts = components(affected, adjacency);
    for (const part of parts) {
      for (const id of part) {
        affected.add(id);
        const cluster = graph.known(id)?.clusterId ?? null;
        if (cluster !== null && !old.has(cluster)) old.set(cluster, clusters.get(cluster) ?? []);
      }
    }
    const named = nameClusters(
      parts,
      (id) => graph.known(id)?.clusterId ?? null,
      (members) => `c_${hasher.hash64(`${members[0]} ${time}`)}`,
    );
    const clusterOf = new Map<string, { id: string; size: number }>();
    for (const { id, members } of named)
      for (const member of members) clusterOf.set(member, { id, size: members.length });
    for (const id of old.keys()) clusters.delete(id);
    for (const { id, members } of named) clusters.set(id, [...members]);
    const previous = new Map([...affected].map((id) => [id, graph.known(id)?.clusterId ?? null]));
    for (const id of affected) {
      graph.account(id).clusterId = clusterOf.get(id)?.id ?? null;
      graph.save(id);
    }
    const current = new Set(named.map(({ id }) => id));
    return [...affected].sort().flatMap((id) => {
      const before = previous.get(id) ?? null;
      return tell(
        id,
        before,
        clusterOf.get(id)?.size ?? 0,
        reasonOf(before, graph.account(id).clusterId, current),
        time,
      );
    });
  };

  return {
    tickOf: (time) => Math.max(windowEnd('minute', time - 1), (clock.get('decided') ?? 0) + MINUTE),
    decisionTimes(waiting, watermark) {
      const decided = clock.get('decided') ?? 0;
      const times = new Set(waiting);
      for (const time of [decided, ...waiting])
        if (time > 0 && windowEnd('hour', time) <= watermark) times.add(windowEnd('hour', time));
      const first = decided === 0 ? Math.min(...waiting, watermark) : decided;
      for (let day = windowEnd('day', first); day <= watermark; day += DAY) times.add(day);
      return [...times].sort((a, b) => a - b);
    },
    decide(time, changes, observations) {
      const dirty = absorb(changes, observations);
      if (time % DAY === 0) expire(time, dirty);
      if (time % HOUR === 0) {
        for (const [id] of [...deferred.entries()]) {
          dirty.add(id);
          deferred.delete(id);
        }
      }
      const touched = new Set<string>();
      for (const id of [...dirty].sort()) relink(id, touched);
      clock.set('decided', time);
      // An account that calls for the first time may have been linked before: its cluster has not been told yet.
      for (const id of dirty) if ((graph.known(id)?.told ?? '') !== (graph.known(id)?.clusterId ?? '')) touched.add(id);
      return recluster(touched, time);
    },
  };
}

/** A newcomer may share one thing with one member and another with the next: what counts is what it shares with the cluster. */
function linkedThroughCluster(evidence: readonly PairEvidence[], clusterOf: (id: string) => string | null): string[] {
  const byCluster = new Map<string, PairEvidence[]>();
  for (const pair of evidence) {
    const cluster = clusterOf(pair.other);
    if (cluster === null) continue;
    const known = byCluster.get(cluster);
    if (known === undefined) byCluster.set(cluster, [pair]);
    else known.push(pair);
  }
  const linked: string[] = [];
  for (const pairs of byCluster.values()) {
    if (!combine(pairs.flatMap(({ shared }) => shared)).linked) continue;
    // To the two strongest: one member alone must not be what holds it.
    for (const { other } of pairs.slice(0, 2)) linked.push(other);
  }
  return linked;
}

function reasonOf(previous: string | null, now: string | null, current: ReadonlySet<string>): Assignment['reason'] {
  if (now === null) return 'left';
  if (previous === null) return 'joined';
  return current.has(previous) ? 'split' : 'merged';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
