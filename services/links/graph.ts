import type { LinkKind } from '../records/link-observation.ts';
import type { StateTable, StateTables } from '../stream/state-table.ts';
import { LINK_KINDS, MOST_VALUES_OF_A_KIND } from './settings.ts';

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
  /** By kind, then by value. Each kind has room of its own: an account with many prompts must not lose its payment for them. */
  sightings: Map<LinkKind, Map<string, number>>;
  clusterId: string | null;
  version: number;
  /** Cluster last told, so that only changes are told. */
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
  forget(id: string, kind: LinkKind, value: string): void;
  accounts: StateTable<LinkedAccount>;
}

export function createLinkGraph(tables: StateTables, evicted: (reason: string) => void): LinkGraph {
  const accounts = tables.table<LinkedAccount>('accounts');
  const attributes = tables.table<AttributeMembers>('attributes');
  const keyOf = (kind: LinkKind, value: string): string => `${kind} ${value}`;

  const account = (id: string): LinkedAccount => {
    const known = accounts.get(id);
    if (known !== undefined) return known;
    const made: LinkedAccount = { partition: null, sightings: new Map(), clusterId: null, version: 0, told: '' };
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
    see(id, { kind, value, at }) {
      const owner = account(id);
      const values = owner.sightings.get(kind) ?? new Map<string, number>();
      owner.sightings.set(kind, values);
      const known = values.get(value);
      values.delete(value); // set again at the end: a Map's order is that of the latest sighting
      values.set(value, Math.max(known ?? 0, at));
      accounts.set(id, owner);
      if (known !== undefined) return false;
      if (values.size > MOST_VALUES_OF_A_KIND) {
        const [oldest] = values.keys();
        if (oldest !== undefined) {
          values.delete(oldest);
          leave(id, kind, oldest);
          evicted(kind);
        }
      }
      const entry = attributes.get(keyOf(kind, value)) ?? { members: [] };
      // One more than the cap is kept, to know that it is passed; whoever comes later has nothing to gain from it.
      if (entry.members.length > LINK_KINDS[kind].cap || entry.members.includes(id)) return false;
      entry.members.push(id);
      attributes.set(keyOf(kind, value), entry);
      return true;
    },
    forget(id, kind, value) {
      const owner = account(id);
      owner.sightings.get(kind)?.delete(value);
      accounts.set(id, owner);
      leave(id, kind, value);
    },
  };
}
