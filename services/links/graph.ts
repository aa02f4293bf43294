import type { LinkKind } from '../records/link-observation.ts';
import type { StateTable, StateTables } from '../stream/state-table.ts';
import { LINK_KINDS, MOST_ATTRIBUTES_PER_ACCOUNT } from './settings.ts';

export interface Sighting {
  kind: LinkKind;
  value: string;
  /** Latest sighting, event time. */
  at: number;
}

/** What is known of an account's links. Plain data. */
export interface LinkedAccount {
  /** Partition of its windows; null until it calls. */
  partition: number | null;
  sightings: Sighting[];
  clusterId: string | null;
  version: number;
  /** Cluster and evidence last told, so that only changes are told. */
  told: string;
}

/** Accounts that share an attribute, in the order in which they came. */
export interface AttributeMembers {
  members: string[];
}

/** Accounts and attributes, each pointing at the other: bounded on both sides. */
export interface LinkGraph {
  account(id: string): LinkedAccount;
  known(id: string): LinkedAccount | undefined;
  save(id: string): void;
  members(kind: LinkKind, value: string): readonly string[];
  /** Adds or refreshes a sighting. True when the account is new to the attribute. */
  see(id: string, sighting: Sighting): boolean;
  forget(id: string, sighting: Sighting): void;
  accounts: StateTable<LinkedAccount>;
}

export function createLinkGraph(tables: StateTables, evicted: (reason: string) => void): LinkGraph {
  const accounts = tables.table<LinkedAccount>('accounts');
  const attributes = tables.table<AttributeMembers>('attributes');
  const keyOf = (kind: LinkKind, value: string): string => `${kind} ${value}`;

  const account = (id: string): LinkedAccount => {
    const known = accounts.get(id);
    if (known !== undefined) return known;
    const made: LinkedAccount = { partition: null, sightings: [], clusterId: null, version: 0, told: '' };
    accounts.set(id, made);
    return made;
  };
  const leave = (id: string, kind: LinkKind, value: string): void => {
    const entry = attributes.get(keyOf(kind, value));
    if (entry === undefined) return;
    entry.members = entry.members.filter((member) => member !== id);
    if (entry.members.length === 0) attributes.delete(keyOf(kind, value));
    else attributes.set(keyOf(kind, value), entry);
  };

  return {
    accounts,
    account,
    known: (id) => accounts.get(id),
    save: (id) => {
      const known = accounts.get(id);
      if (known !== undefined) accounts.set(id, known);
    },
    members: (kind, value) => attributes.get(keyOf(kind, value))?.members ?? [],
    see(id, sighting) {
      const owner = account(id);
      const known = owner.sightings.find(({ kind, value }) => kind === sighting.kind && value === sighting.value);
      if (known !== undefined) {
        known.at = Math.max(known.at, sighting.at);
        accounts.set(id, owner);
        return false;
      }
      owner.sightings.push({ ...sighting });
      if (owner.sightings.length > MOST_ATTRIBUTES_PER_ACCOUNT) {
        const [oldest] = owner.sightings.splice(0, 1);
        if (oldest !== undefined) leave(id, oldest.kind, oldest.value);
        evicted('sighting');
      }
      accounts.set(id, owner);
      const entry = attributes.get(keyOf(sighting.kind, sighting.value)) ?? { members: [] };
      // One more than the cap is kept, to know that it is passed; whoever comes later has nothing to gain from it.
      if (entry.members.length > LINK_KINDS[sighting.kind].cap || entry.members.includes(id)) return false;
      entry.members.push(id);
      attributes.set(keyOf(sighting.kind, sighting.value), entry);
      return true;
    },
    forget(id, { kind, value }) {
      const owner = account(id);
      owner.sightings = owner.sightings.filter((known) => known.kind !== kind || known.value !== value);
      accounts.set(id, owner);
      leave(id, kind, value);
    },
  };
}
