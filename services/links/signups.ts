import type { Account } from '../records/account.ts';
import { DAY, HOUR } from '../records/window.ts';
import type { StateTables } from '../stream/state-table.ts';
import { signupHours } from './account-attributes.ts';

/** Sign-ups of one kind (plan, country, mail domain), or of all kinds. Sums and extremes only: no order of arrival matters. */
interface SignupCount {
  count: number;
  first: number;
  last: number;
}

/** Shorter histories are taken for this long: three sign-ups on the first day are no rate. */
const LEAST_HISTORY = 30 * DAY;

/** How many sign-ups alike an hour has by itself. */
export interface Signups {
  /** Counts a new account; its batch values, one for each hour grid. */
  add(account: Account): string[];
  /** The batches' members are told by the index; this is what to expect of one, given how busy its hour was with sign-ups of other kinds. */
  expected(batch: string, together: number): number;
}

/**
 * Kinds remembered. Whoever signs up with a mail domain of his own makes one, so the rarest go, half of them at once: of a kind that was seen once in weeks
 * nothing is expected anyway.
 */
const MOST_KINDS = 100_000;

export function createSignups(tables: StateTables, evicted: (kinds: number) => void): Signups {
  const kinds = tables.table<SignupCount>('signup_kinds');
  const hours = tables.table<number>('signup_hours');
  const ALL = '';

  const countKind = (alike: string, at: number): void => {
    const known = kinds.get(alike) ?? { count: 0, first: at, last: at };
    kinds.set(alike, { count: known.count + 1, first: Math.min(known.first, at), last: Math.max(known.last, at) });
    if (kinds.size > MOST_KINDS) dropRarest();
  };
  const dropRarest = (): void => {
    const rarest = [...kinds.entries()]
      .sort(([a, x], [b, y]) => x.count - y.count || x.last - y.last || (a < b ? -1 : 1))
      .slice(0, MOST_KINDS / 2);
    for (const [alike] of rarest) kinds.delete(alike);
    evicted(rarest.length);
  };
  const hourly = (alike: string, without: number): number => {
    const known = kinds.get(alike);
    if (known === undefined) return 0;
    return Math.max(0, known.count - without) / (Math.max(LEAST_HISTORY, known.last - known.first) / HOUR);
  };

  return {
    add(account) {
      const signup = signupHours(account);
      if (signup === null) return [];
      countKind(signup.alike, account.created_at);
      countKind(ALL, account.created_at);
      for (const hour of signup.hours) hours.set(hour, (hours.get(hour) ?? 0) + 1);
      return signup.hours.map((hour) => `${hour} ${signup.alike}`);
    },
    expected(batch, together) {
      const space = batch.indexOf(' ');
      const others = Math.max(0, (hours.get(batch.slice(0, space)) ?? 0) - together);
      const usual = hourly(ALL, together);
      // A launch or a film brings everybody at once: what is normal then follows the other kinds of sign-up in that hour.
      const surge = usual === 0 ? 1 : Math.max(1, others / Math.max(1, usual));
      return hourly(batch.slice(space + 1), together) * surge;
    },
  };
}
