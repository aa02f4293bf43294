import { DAY, WINDOW_SIZES, type WindowSize, windowEnd } from '../records/window.ts';
import type { AccountState } from './account-state.ts';

/** What is due for an account at a time: the end of a window, or the moment from which nothing of it need be remembered. */
export type Due = WindowSize | 'forget';

/**
 * Which accounts have a window that ends when: closing costs the accounts that have one, not all there are. Derived from the accounts' state, so it is
 * rebuilt after a restore and never saved.
 */
export interface DueAccounts {
  add(size: Due, end: number, accountId: string): void;
  /** Ends up to `to` in ascending order, at the same time the shorter window first. What is added meanwhile is visited too. */
  until(to: number): Generator<{ size: Due; end: number }>;
  take(size: Due, end: number): Iterable<string>;
}

const ORDER: readonly Due[] = [...WINDOW_SIZES, 'forget'];

export function createDueAccounts(accounts: Iterable<[string, AccountState]>): DueAccounts {
  const byEnd = new Map<number, Map<Due, Set<string>>>();
  const add = (size: Due, end: number, accountId: string): void => {
    let sizes = byEnd.get(end);
    if (sizes === undefined) {
      sizes = new Map();
      byEnd.set(end, sizes);
    }
    const ids = sizes.get(size);
    if (ids === undefined) sizes.set(size, new Set([accountId]));
    else ids.add(accountId);
  };
  for (const [accountId, { minutes, hours, days, reported }] of accounts) {
    for (const { start } of minutes) add('minute', windowEnd('minute', start), accountId);
    for (const { start } of hours) add('hour', windowEnd('hour', start), accountId);
    for (const { start } of days) add('day', windowEnd('day', start), accountId);
    const last = reported.at(-1);
    if (days.length === 0 && last !== undefined) add('forget', windowEnd('day', last.at - 1) + DAY, accountId);
  }
  return {
    add,
    *until(to) {
      for (;;) {
        // Few ends are open at a time (the grace's minutes, an hour or two, a day or two): scanning beats keeping them sorted.
        let end = Number.POSITIVE_INFINITY;
        for (const open of byEnd.keys()) if (open < end) end = open;
        if (end > to) return;
        const sizes = byEnd.get(end);
        const size = ORDER.find((candidate) => sizes?.has(candidate));
        if (size === undefined) byEnd.delete(end);
        else yield { size, end };
      }
    },
    take(size, end) {
      const sizes = byEnd.get(end);
      const ids = sizes?.get(size) ?? new Set<string>();
      sizes?.delete(size);
      return ids;
    },
  };
}
