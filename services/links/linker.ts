import type { Hasher } from '../fingerprint/hasher.ts';
import type { AccountChange } from '../records/account.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LinkAttribute, LinkObservation } from '../records/link-observation.ts';
import { DAY, HOUR, windowEnd } from '../records/window.ts';
import type { StateTable, StateTables } from '../stream/state-table.ts';
import { type Acquaintances, createAcquaintances } from './acquaintances.ts';
import { createAttributeIndex } from './attribute-index.ts';
import { createAttributeWeights } from './attribute-weights.ts';
import { createCandidates } from './candidates.ts';
import { createClustering } from './clustering.ts';
import { type Company, createFindCompany } from './company.ts';
import { couldLink, drawOnOneQueue, type EvidenceDeps, pairEvidence } from './evidence.ts';
import { createSharedBy, type Explaining, explain } from './explain.ts';
import { type Deferred, takeIn } from './intake.ts';
import { LINK_ROWS } from './link-rows.ts';
import { createPlacement } from './placement.ts';
import { findCommonWork, type QueueMember, type QueuesDeps } from './queues.ts';
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

/** Being in step is looked for this often: it takes a day to show, and looking for it costs most. */
const QUARTERS_A_DAY = 4;
const QUARTER_DAY = DAY / QUARTERS_A_DAY;
const NOBODY: ReadonlyMap<string, true> = new Map();
const NO_LINKS: ReadonlyMap<string, number> = new Map();

/** Keeps the links between accounts, the clusters that they form, and what was told of each account. */
export function createLinker({ tables, hasher, settings, count }: LinkerDeps): Linker {
  const index = createAttributeIndex(tables, settings, (kind) => count('evicted', kind));
  const signups = createSignups(tables, (kinds) => count('evicted', 'signup_kind', kinds));
  const work = createWorkLog(tables, hasher, settings.work, count);
  const links = tables.packed('links', LINK_ROWS);
  const placement = createPlacement(tables);
  const workCompany = tables.table<{ queue: string; at: number }>('work_company');
  const clock = tables.table<number>('clock');
  const deferred = tables.table<Deferred>('deferred');
  const active = tables.table<true>('active');
  /** Made when the index is at rest: weights are remembered. */
  const evidenceDeps = (): EvidenceDeps => ({
    index,
    weights: createAttributeWeights(index, signups, settings),
    settings,
  });
  const binsOf = (id: string, from: number): number =>
    new Set([...(index.known(id)?.bins.values() ?? [])].flat().filter((bin) => bin >= from)).size;
  const queuesDeps = (acquaintances: Acquaintances): QueuesDeps => ({
    log: work,
    organizationOf: (id: string) => index.known(id)?.organization ?? null,
    settings: settings.queue,
    callsKept: settings.kinds.lockstep.lifetime,
    ring: {
      acquainted: acquaintances.among,
      binsOf,
      settings: settings.ring,
    },
    lent: {
      clusterOf(id: string) {
        const clusterId = placement.linkedIn(id);
        return clusterId === null ? null : { id: clusterId, accounts: clustering.size(clusterId) };
      },
      acquaintancesOf: acquaintances.of,
      binsOf,
    },
  });

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
  /** Good while nobody's links change. */
  const companyNow = (): ((id: string) => Company | null) => {
    const find = createFindCompany(index, placement, settings);
    return (id) => find(id, workCompany.get(id)?.queue ?? null);
  };
  const clustering = createClustering({
    tables,
    placement,
    links,
    settings,
    newId: (time, founders) => `c_${hasher.at(time).hash64(`${time} ${founders.join(' ')}`)}`,
    companyNow,
  });

  const decide = (
    time: number,
    changes: readonly AccountChange[],
    observations: readonly LinkObservation[],
  ): AddressedAssignment[] => {
    const { gained, lost } = takeIn(changes, observations, { index, signups, deferred, active, work, settings, count });
    if (time === index.nextExpiry()) for (const id of index.expire(time)) lost.add(id);
    const gain = (id: string, attributes: readonly LinkAttribute[]): void =>
      void gained.set(id, [...(gained.get(id) ?? []), ...attributes]);
    if (time % HOUR === 0) {
      for (const [id, why] of drain(deferred)) {
        if (why === 'signed_up') lost.add(id);
        else gain(id, why);
      }
    }
    const isQuarter = time % QUARTER_DAY === 0;
    const keptCompany: string[] = [];
    if (isQuarter) {
      const { members, company } = findCommonWork(time, queuesDeps(createAcquaintances(placement, evidenceDeps())));
      for (const { id, queue } of members) {
        if (index.see(id, 'work_queue', queue, time, () => count('inert', 'work_queue')) === 'new')
          gain(id, [{ kind: 'work_queue', value: queue }]);
      }
      keptCompany.push(...keepCompany(company, time));
    }
    const stepping = isQuarter ? drain(active) : NOBODY;
    clock.set('decided', time);
    const deps = evidenceDeps();

    const candidates = createCandidates(deps);
    /** One active account in four has its turn to be held against all that registered like it: what was common, or a place, when it was seen may have ceased to be. */
    const turn = Math.floor(time / DAY) + time / QUARTER_DAY;
    const hasTurn = (id: string): boolean => ((index.known(id)?.number ?? 0) + turn) % QUARTERS_A_DAY === 0;
    const comparedWith = (id: string): Set<string> => {
      const isStepping = stepping.has(id);
      if (lost.has(id) || (isStepping && hasTurn(id))) return candidates.registeredAlike(id);
      const templates = isStepping ? [...(index.known(id)?.bins.keys() ?? [])] : [];
      return candidates.alikeIn(id, [
        ...(gained.get(id) ?? []),
        ...templates.map((value): LinkAttribute => ({ kind: 'template', value })),
      ]);
    };

    /** Weighs an account against those it may be linked with; who won or lost a link is touched. */
    const touched = new Set<string>();
    const weighed = new Set([...gained.keys(), ...lost, ...stepping.keys()]);
    // What is gained takes no link away: links that stand are weighed again when something is lost, and with everything else when the quarter of the day ends.
    const isWhole = (id: string): boolean => lost.has(id) || stepping.has(id);
    for (const id of gained.keys()) if (!isWhole(id)) active.set(id, true);
    for (const id of [...weighed].sort()) {
      const before = links.get(id) ?? NO_LINKS;
      const whole = isWhole(id);
      const compared = new Set([...(whole ? before.keys() : []), ...comparedWith(id)]);
      if (stepping.has(id)) for (const other of candidates.activeAlike(id)) compared.add(other);
      for (const other of [...compared].sort()) {
        const known = before.get(other);
        // Or the other end has just weighed it, or a queue holds it whatever else they share.
        if (known !== undefined && (!whole || (other < id && isWhole(other)) || drawOnOneQueue(id, other, deps)))
          continue;
        if (known === undefined && !couldLink(id, other, deps)) continue;
        const { linked, strength } = pairEvidence(id, other, known !== undefined, deps);
        if (linked ? known === strength : known === undefined) continue;
        setLink(id, other, linked ? strength : null);
        setLink(other, id, linked ? strength : null);
        touched.add(id);
        touched.add(other);
      }
    }
    const looked = new Set([...gained.keys(), ...lost, ...keptCompany]);
    const changed = clustering.regroup(touched, looked, time, isQuarter);
    const explaining = { deps, sharedBy: createSharedBy(index, placement), companyAt: companyNow() };
    return changed.flatMap((id) => tell(id, time, explaining));
  };

  /** Tells an account's cluster where it has changed and the account has a partition. Everybody's cluster is set by now: evidence counts the members. */
  const tell = (id: string, time: number, explaining: Explaining): AddressedAssignment[] => {
    const owner = index.known(id);
    const clusterId = placement.of(id)?.clusterId ?? null;
    if (owner === undefined || owner.partition === null || owner.told === clusterId) return [];
    const previous = owner.told;
    owner.version++;
    owner.told = clusterId;
    index.save(id);
    const assignment: Assignment = {
      account_id: id,
      cluster_id: clusterId,
      version: owner.version,
      effective_at: time,
      reason: reasonOf(previous, clusterId),
      previous_cluster_id: previous,
      cluster_size: clusterId === null ? 0 : clustering.size(clusterId),
      evidence: clusterId === null ? [] : explain(id, clusterId, links.get(id)?.keys() ?? [], placement, explaining),
    };
    return [{ assignment, partition: owner.partition }];
  };

  const reasonOf = (previous: string | null, now: string | null): Assignment['reason'] => {
    if (now === null) return 'left';
    if (previous === null) return 'joined';
    return clustering.has(previous) ? 'split' : 'merged';
  };

  return {
    nextDecision() {
      const expiry = index.nextExpiry();
      const decided = clock.get('decided') ?? 0;
      const times = expiry === null ? [] : [expiry];
      if (deferred.size > 0) times.push(windowEnd('hour', decided));
      if (active.size > 0 || work.size > 0 || clustering.isWaiting())
        times.push((Math.floor(decided / QUARTER_DAY) + 1) * QUARTER_DAY);
      return times.length === 0 ? null : Math.min(...times);
    },
    decide,
  };
}

function drain<Value>(table: StateTable<Value>): Map<string, Value> {
  const drained = new Map(table.entries());
  for (const id of drained.keys()) table.delete(id);
  return drained;
}
