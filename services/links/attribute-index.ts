import type { LinkKind } from '../records/link-observation.ts';
import { windowEnd } from '../records/window.ts';
import type { StateTable, StateTables } from '../stream/state-table.ts';
import { ACCOUNT_ID_ROWS } from './account-ids.ts';
import { ATTRIBUTE_ROWS, type Attribute } from './attribute.ts';
import { ACCOUNT_ROWS, type LinkedAccount } from './linked-account.ts';
import { addBin, dropOldBins } from './lockstep.ts';
import type { LinkSettings } from './settings.ts';

const COUNTERPART: Partial<Readonly<Record<LinkKind, LinkKind>>> = {
  signup_ip: 'egress_ip',
  signup_network: 'egress_network',
  egress_ip: 'signup_ip',
  egress_network: 'signup_network',
};

/** none: nothing new. new: the account is new to the attribute. inert: it is, and the attribute has just become too common. */
export type Seen = 'none' | 'new' | 'inert';

/**
 * Accounts and attributes, each pointing at the other: bounded on both sides. Both are kept packed, so what `account`, `known` and `members` return is good
 * until the next call for another one: `save` what was changed at once, and ask again instead of keeping it.
 */
export interface AttributeIndex {
  account(id: string): LinkedAccount;
  known(id: string): LinkedAccount | undefined;
  /** Accounts known. */
  readonly size: number;
  save(id: string): void;
  /** Accounts that hold the attribute now; 0 when it is inert. */
  degree(kind: LinkKind, value: string): number;
  /** Those that came first, at most the kind's cap. */
  members(kind: LinkKind, value: string): string[];
  /** The same by their numbers, which costs no look at anybody's id; no more than `most`, half of them the earliest and half the latest. */
  memberNumbers(kind: LinkKind, value: string, most?: number): number[];
  /** Of those that hold it with an account: half the earliest, half those that came right before it. Whoever comes later changes nothing. */
  memberNumbersBefore(number: number, kind: LinkKind, value: string, most: number): number[];
  idOf(number: number): string;
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
  /** By number. Accounts are never deleted, so the next number is how many there are. */
  const ids = tables.packed('account_ids', ACCOUNT_ID_ROWS);
  /** Numbers of accounts by the day at whose end to look at their sightings. */
  const due = tables.queue<number>('due');
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
      number: accounts.size,
      partition: null,
      organization: null,
      sightings: new Map(),
      bins: new Map(),
      home: new Set(),
      version: 0,
      told: null,
      checkAt: null,
    };
    accounts.set(id, made);
    ids.set(made.number.toString(36), id);
    return made;
  };
  const idOf = (number: number): string => {
    const id = ids.get(number.toString(36));
    if (id === undefined) throw new RangeError(`no account has the number ${number}`);
    return id;
  };

  const memberNumbers = (kind: LinkKind, value: string, most = Number.POSITIVE_INFINITY): number[] => {
    const members = attributesOf(kind).get(value)?.members ?? [];
    return members.length <= most ? members : [...members.slice(0, most / 2), ...members.slice(-most / 2)];
  };

  const memberNumbersBefore = (number: number, kind: LinkKind, value: string, most: number): number[] => {
    const members = attributesOf(kind).get(value)?.members ?? [];
    const place = members.indexOf(number);
    const founders = members.slice(0, most / 2);
    return place <= founders.length
      ? founders
      : [...founders, ...members.slice(Math.max(founders.length, place - most / 2), place)];
  };

  const leave = (owner: LinkedAccount, kind: LinkKind, value: string): void => {
    const ofKind = attributesOf(kind);
    const entry = ofKind.get(value);
    if (entry === undefined) return;
    entry.degree--;
    if (COUNTERPART[kind] !== undefined && owner.home.has(value)) entry.home--;
    const place = entry.members.indexOf(owner.number);
    if (place !== -1) entry.members.splice(place, 1);
    // Half-way back, lest an attribute at its cap flaps. Its holders enter again as they are seen again.
    if (entry.inert && entry.degree <= kinds[kind].cap / 2) entry.inert = false;
    if (entry.degree <= 0) ofKind.delete(value);
    else ofKind.set(value, entry);
  };

  const forget = (owner: LinkedAccount, kind: LinkKind, value: string): void => {
    if (owner.sightings.get(kind)?.delete(value) !== true) return;
    if (kind === 'template') owner.bins.delete(value);
    leave(owner, kind, value);
  };

  const enter = (
    number: number,
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
      onInert(members.map(idOf));
      return 'inert';
    }
    const room = !entry.inert && entry.members.length < kinds[kind].cap;
    const entered = room && (isNew || !entry.members.includes(number));
    if (entered) entry.members.push(number);
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

  const schedule = (owner: LinkedAccount, expiry: number): void => {
    const day = windowEnd('day', expiry);
    if (owner.checkAt !== null && owner.checkAt <= day) return;
    owner.checkAt = day;
    due.push(day, owner.number);
  };

  return {
    account,
    known: (id) => accounts.get(id),
    get size() {
      return accounts.size;
    },
    save: (id) => {
      const known = accounts.get(id);
      if (known !== undefined) accounts.set(id, known);
    },
    degree(kind, value) {
      const entry = attributesOf(kind).get(value);
      return entry === undefined || entry.inert ? 0 : entry.degree;
    },
    members: (kind, value) => memberNumbers(kind, value).map(idOf),
    memberNumbers,
    memberNumbersBefore,
    idOf,
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
        if (oldest !== undefined) forget(owner, kind, oldest);
        evicted(kind);
      }
      if (!kinds[kind].registration) schedule(owner, at + kinds[kind].lifetime);
      const isHome = settle(owner, kind, value);
      accounts.set(id, owner);
      return enter(owner.number, kind, value, known === undefined, isHome, onInert);
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
      for (const [kind, values] of owner.sightings) for (const value of [...values.keys()]) forget(owner, kind, value);
      accounts.set(id, owner);
    },
    nextExpiry: () => due.times(Number.POSITIVE_INFINITY)[0] ?? null,
    expire(time) {
      const changed: string[] = [];
      for (const id of due.take(time).map(idOf).sort()) {
        const owner = accounts.get(id);
        if (owner === undefined || owner.checkAt !== time) continue;
        owner.checkAt = null;
        let lost = false;
        for (const [kind, values] of owner.sightings) {
          const { lifetime, registration } = kinds[kind];
          if (registration) continue;
          for (const [value, at] of [...values]) {
            if (at + lifetime <= time) {
              forget(owner, kind, value);
              lost = true;
            } else schedule(owner, at + lifetime);
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
