import { WINDOW_SIZES, type WindowSize, windowEnd } from '../records/window.ts';
import { type AccountState, reportsExpire } from './account-state.ts';

/** What is due for an account at a time: the end of a window, or the moment from which nothing of it need be remembered. */
export type Due = WindowSize | 'forget';

/**
 * Which accounts have a window that ends when: closing costs the accounts that have one, not all there are. A function of the accounts' state, so it is
 * rebuilt after a restore and never saved.
 */
export interface DueAccounts {
  add(size: Due, end: number, accountId: string): void;
  /** Ends up to `to` in ascending order, at the same time the shorter window first. What is added meanwhile is visited too. */
  until(to: number): Generator<{ size: Due; end: number }>;
  /** In the order of their ids, which does not depend on arrival or on a restore. */
  take(size: Due, end: number): string[];
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
  for (const [accountId, state] of accounts) {
    const { minutes, hours, days } = state;
    for (const { start } of minutes) add('minute', windowEnd('minute', start), accountId);
    for (const { start } of hours) add('hour', windowEnd('hour', start), accountId);
    for (const { start } of days) add('day', windowEnd('day', start), accountId);
    const expire = hours.length + days.length === 0 ? reportsExpire(state) : null;
    if (expire !== null) add('forget', expire, accountId);
  }
  return {
    add,
    *until(to) {
      for (;;) {
        // Few ends are open at a time (the grace's minutes, an hour or two, a day or two, a day's minutes to forget): scanning beats keeping them sorted.
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
      const ids = [...(sizes?.get(size) ?? [])].sort();
      sizes?.delete(size);
      return ids;
    },
  };
}
