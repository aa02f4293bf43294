import type { Account } from '../records/account.ts';
import type { AccountProfile } from '../records/account-window.ts';

export const UNKNOWN_PROFILE: AccountProfile = {
  plan: null,
  organization_id: null,
  country: null,
  reseller_id: null,
  status: null,
  verified: null,
  created_at: null,
};

/** Versions kept of an account: a replay reaches back days, and an account changes rarely. */
const MOST_VERSIONS = 8;

interface Version {
  from: number;
  /** null: removed by a tombstone. */
  profile: AccountProfile | null;
}

/**
 * The accounts, by event time: which version was in force when. Versions may come in any order. Not part of a step's state: every process reads the whole
 * compacted topic (stream/kafka/global-table.ts), a replay reads the whole file.
 */
export interface ProfileTable {
  apply(account: Account): void;
  /** A tombstone has no event time of its own: it holds from the time stamp of its message on. */
  remove(accountId: string, from: number): void;
  /** The version in force at `time`; the first one known when all are later (a signup written after its first call); unknown otherwise. */
  profileAt(accountId: string, time: number): AccountProfile;
  readonly size: number;
}

export function createProfileTable(): ProfileTable {
  const accounts = new Map<string, Version[]>();
  const insert = (accountId: string, version: Version): void => {
    const versions = accounts.get(accountId);
    if (versions === undefined) {
      accounts.set(accountId, [version]);
      return;
    }
    const place = versions.findLastIndex((known) => known.from <= version.from) + 1;
    if (versions[place - 1]?.from === version.from) versions[place - 1] = version;
    else versions.splice(place, 0, version);
    if (versions.length > MOST_VERSIONS) versions.shift();
  };
  return {
    apply(account) {
      const { plan, organization_id, country, reseller_id, status, verified, created_at } = account;
      insert(account.account_id, {
        from: account.updated_at,
        profile: { plan, organization_id, country, reseller_id, status, verified, created_at },
      });
    },
    remove(accountId, from) {
      if (accounts.has(accountId)) insert(accountId, { from, profile: null });
    },
    profileAt(accountId, time) {
      const versions = accounts.get(accountId);
      if (versions === undefined) return UNKNOWN_PROFILE;
      const inForce = versions.findLast((version) => version.from <= time) ?? versions[0];
      return inForce?.profile ?? UNKNOWN_PROFILE;
    },
    get size() {
      return accounts.size;
    },
  };
}
