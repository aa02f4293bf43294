import type { LinkKind } from '../records/link-observation.ts';
import { windowEnd } from '../records/window.ts';
import type { StateTable, StateTables } from '../stream/state-table.ts';
import { addBin, dropOldBins } from './lockstep.ts';
import { ACCOUNT_ROWS, ATTRIBUTE_ROWS } from './rows.ts';
import type { LinkSettings } from './settings.ts';

/** What is known of an account's links. Plain data. */
export interface LinkedAccount {
  /** Partition of its windows; null until it calls. */
  partition: number | null;
  /** Organization that it declares to belong to. */
  organization: string | null;
  /** Latest sighting by kind and value, latest last. Each kind has room of its own: an account with many prompts must not lose its payment for them. */
  sightings: Map<LinkKind, Map<string, number>>;
  /** Five-minute bins by template, ascending: kept here and not as attributes, so that a bin costs a number. */
  bins: Map<string, number[]>;
  /** Addresses and networks from which it both signed up and called, at any time: not forgotten with the sightings, since people go on holiday. */
  home: Set<string>;
  clusterId: string | null;
  /** In the cluster by its company only (company.ts): it holds nobody else in it. */
  attached: boolean;
  version: number;
  /** Cluster last told, so that only changes are told. */
  told: string | null;
  /** Day at whose end its oldest sightings are looked at. */
  checkAt: number | null;
}

const COUNTERPART: Partial<Readonly<Record<LinkKind, LinkKind>>> = {
  signup_ip: 'egress_ip',
  signup_network: 'egress_network',
  egress_ip: 'signup_ip',
  egress_network: 'signup_network',
};

/** Accounts that share an attribute. Plain data. */
export interface Attribute {
  /** How many hold it now. */
  degree: number;
  /** How many of them are at home there. */
  home: number;
  /** Those of them that came first, at most the kind's cap; empty while it is inert. */
  members: string[];
  inert: boolean;
}

/** none: nothing new. new: the account is new to the attribute. inert: it is, and the attribute has just become too common. */
export type Seen = 'none' | 'new' | 'inert';

/**
 * Accounts and attributes, each pointing at the other: bounded on both sides. Both are kept packed, so what `account`, `known` and `members` return is good
 * until the next call for another one: `save` what was changed at once, and ask again instead of keeping it.
 */
export interface AttributeIndex {
  account(id: string): LinkedAccount;
  known(id: string): LinkedAccount | undefined;
  save(id: string): void;
  /** Accounts that hold the attribute now; 0 when it is inert. */
  degree(kind: LinkKind, value: string): number;
  members(kind: LinkKind, value: string): readonly string[];
  /**
   * A place: an address or network from which a fair share of those that it is known of both signed up and called, as people of an office, a campus, a
   * household do. A pool signs up here and calls there.
   */
  isPlace(kind: LinkKind, value: string): boolean;
  /** Adds or refreshes a sighting. `members` of an attribute that becomes inert are handed to `onInert` before they are dropped. */
  see(id: string, kind: LinkKind, value: string, at: number, onInert: (members: readonly string[]) => void): Seen;
  /** True when the account was not known to be active in that bin. */
  seeBin(id: string, template: string, bin: number): boolean;
  forgetAll(id: string): void;
  /** Accounts whose sightings are due, and the time. */
  nextExpiry(): number | null;
  /** Drops what expired by the end of day `time`; the accounts that lost something. */
  expire(time: number): string[];
}

export function createAttributeIndex(
  tables: StateTables,
  settings: LinkSettings,
  evicted: (kind: string) => void,
): AttributeIndex {
  const accounts = tables.packed('accounts', ACCOUNT_ROWS);
  /** Accounts by the day at whose end to look at their sightings. */
  const due = tables.queue<string>('due');
  const { kinds, mostValues, lockstep, placeFrom } = settings;
  /** A table for each kind, by value: a key that names the kind, too, would have to be built for every look, and kept. */
  const attributes = new Map<string, StateTable<Attribute>>();
  for (const kind of Object.keys(kinds)) attributes.set(kind, tables.packed(`attributes ${kind}`, ATTRIBUTE_ROWS));
  const attributesOf = (kind: LinkKind): StateTable<Attribute> => {
    const ofKind = attributes.get(kind);
    if (ofKind === undefined) throw new RangeError(`no settings for ${kind}`);
    return ofKind;
  };

  const account = (id: string): LinkedAccount => {
    const known = accounts.get(id);
    if (known !== undefined) return known;
    const made: LinkedAccount = {
      partition: null,
      organization: null,
      sightings: new Map(),
      bins: new Map(),
      home: new Set(),
      clusterId: null,
      attached: false,
      version: 0,
      told: null,
      checkAt: null,
    };
    accounts.set(id, made);
    return made;
  };

  const leave = (id: string, kind: LinkKind, value: string): void => {
    const ofKind = attributesOf(kind);
    const entry = ofKind.get(value);
    if (entry === undefined) return;
    entry.degree--;
    if (COUNTERPART[kind] !== undefined && accounts.get(id)?.home.has(value) === true) entry.home--;
    const place = entry.members.indexOf(id);
    if (place !== -1) entry.members.splice(place, 1);
    // Half-way back, lest an attribute at its cap flaps. Its holders enter again as they are seen again.
    if (entry.inert && entry.degree <= kinds[kind].cap / 2) entry.inert = false;
    if (entry.degree <= 0) ofKind.delete(value);
    else ofKind.set(value, entry);
  };

  const forget = (id: string, owner: LinkedAccount, kind: LinkKind, value: string): void => {
    if (owner.sightings.get(kind)?.delete(value) !== true) return;
    if (kind === 'template') owner.bins.delete(value);
    leave(id, kind, value);
  };

  const enter = (
    id: string,
    kind: LinkKind,
    value: string,
    isNew: boolean,
    isHome: boolean,
    onInert: (members: readonly string[]) => void,
  ): Seen => {
    const ofKind = attributesOf(kind);
    const entry = ofKind.get(value) ?? { degree: 0, home: 0, members: [], inert: false };
    if (isNew) entry.degree++;
    if (isNew && isHome) entry.home++;
    if (!entry.inert && entry.degree > kinds[kind].cap) {
      const { members } = entry;
      ofKind.set(value, { ...entry, members: [], inert: true });
      onInert(members);
      return 'inert';
    }
    const room = !entry.inert && entry.members.length < kinds[kind].cap;
    const entered = room && (isNew || !entry.members.includes(id));
    if (entered) entry.members.push(id);
    if (isNew || entered) ofKind.set(value, entry);
    return entered ? 'new' : 'none';
  };

  /** Whether the account is at home at the value; the first time, its holding of the counterpart learns of it. */
  const settle = (owner: LinkedAccount, kind: LinkKind, value: string): boolean => {
    const counterpart = COUNTERPART[kind];
    if (counterpart === undefined) return false;
    if (owner.home.has(value) || owner.sightings.get(counterpart)?.has(value) !== true) return owner.home.has(value);
    owner.home.add(value);
    const entry = attributesOf(counterpart).get(value);
    if (entry !== undefined) attributesOf(counterpart).set(value, { ...entry, home: entry.home + 1 });
    return true;
  };

  const schedule = (id: string, owner: LinkedAccount, expiry: number): void => {
    const day = windowEnd('day', expiry);
    if (owner.checkAt !== null && owner.checkAt <= day) return;
    owner.checkAt = day;
    due.push(day, id);
  };

  return {
    account,
    known: (id) => accounts.get(id),
    save: (id) => {
      const known = accounts.get(id);
      if (known !== undefined) accounts.set(id, known);
    },
    degree(kind, value) {
      const entry = attributesOf(kind).get(value);
      return entry === undefined || entry.inert ? 0 : entry.degree;
    },
    members: (kind, value) => attributesOf(kind).get(value)?.members ?? [],
    isPlace(kind, value) {
      const entry = COUNTERPART[kind] === undefined ? undefined : attributesOf(kind).get(value);
      return entry !== undefined && entry.home > 0 && entry.home >= placeFrom * entry.degree;
    },
    see(id, kind, value, at, onInert) {
      const owner = account(id);
      const values = owner.sightings.get(kind) ?? new Map<string, number>();
      owner.sightings.set(kind, values);
      const known = values.get(value);
      values.delete(value); // set again at the end: a Map's order is that of the latest sighting
      values.set(value, Math.max(known ?? 0, at));
      if (values.size > mostValues) {
        const [oldest] = values.keys();
        if (oldest !== undefined) forget(id, owner, kind, oldest);
        evicted(kind);
      }
      if (!kinds[kind].registration) schedule(id, owner, at + kinds[kind].lifetime);
      const isHome = settle(owner, kind, value);
      accounts.set(id, owner);
      return enter(id, kind, value, known === undefined, isHome, onInert);
    },
    seeBin(id, template, bin) {
      const owner = account(id);
      const bins = owner.bins.get(template) ?? [];
      owner.bins.set(template, bins);
      accounts.set(id, owner);
      return addBin(bins, bin, lockstep.mostBins);
    },
    forgetAll(id) {
      const owner = accounts.get(id);
      if (owner === undefined) return;
      for (const [kind, values] of owner.sightings)
        for (const value of [...values.keys()]) forget(id, owner, kind, value);
      accounts.set(id, owner);
    },
    nextExpiry: () => due.times(Number.POSITIVE_INFINITY)[0] ?? null,
    expire(time) {
      const changed: string[] = [];
      for (const id of due.take(time).sort()) {
        const owner = accounts.get(id);
        if (owner === undefined || owner.checkAt !== time) continue;
        owner.checkAt = null;
        let lost = false;
        for (const [kind, values] of owner.sightings) {
          const { lifetime, registration } = kinds[kind];
          if (registration) continue;
          for (const [value, at] of [...values]) {
            if (at + lifetime <= time) {
              forget(id, owner, kind, value);
              lost = true;
            } else schedule(id, owner, at + lifetime);
          }
        }
        for (const bins of owner.bins.values()) if (dropOldBins(bins, time - kinds.lockstep.lifetime)) lost = true;
        accounts.set(id, owner);
        if (lost) changed.push(id);
      }
      return changed;
    },
  };
}
