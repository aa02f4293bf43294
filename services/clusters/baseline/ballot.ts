import type { AccountWindow } from '../../records/account-window.ts';
import type { BaselinePartial } from '../../records/subject-window.ts';
import { DAY, type WindowSize } from '../../records/window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { modelVotes } from './adoption.ts';
import { electorate } from './electorate.ts';
import { mixVotes } from './mix.ts';
import { baselineVotes } from './votes.ts';

/** Who votes, and what their votes come to in one partition of accounts. */
export interface Ballot {
  /** Windows of one size and end in; null when nobody says anything. `everybody` holds the linked accounts too. */
  count(
    size: WindowSize,
    end: number,
    unlinked: readonly AccountWindow[],
    everybody: readonly AccountWindow[],
  ): Omit<BaselinePartial, 'source'> | null;
}

/**
 * One account, one vote a day: an account votes with its hour when it has not voted with one for 24 hours, and with each day. Were every hour a vote, accounts
 * that never sleep, which is what harvesting accounts are, would vote several times as often as customers.
 *
 * Linked accounts do not vote: what is being judged must not be its own yardstick. Which models are in use is told of everybody, or one that only a
 * cluster uses would be new for ever; it carries no weight. A minute of one account says too little to be a vote.
 */
export function createBallot(tables: StateTables, evicted: (what: 'cohort' | 'model', by: number) => void): Ballot {
  const voted = tables.table<number>('voted');

  const votersOf = (end: number, windows: readonly AccountWindow[]): AccountWindow[] =>
    windows.filter(({ account_id }) => {
      if (end - (voted.get(account_id) ?? 0) < DAY) return false;
      voted.set(account_id, end);
      return true;
    });

  return {
    count(window_size, window_end, unlinked, everybody) {
      if (window_size === 'minute') return null;
      if (window_size === 'day')
        for (const [accountId, at] of [...voted.entries()]) if (window_end - at >= DAY) voted.delete(accountId);
      const isHour = window_size === 'hour';
      const { voters, widened } = electorate(isHour ? votersOf(window_end, unlinked) : unlinked);
      if (widened > 0) evicted('cohort', widened);
      const { models, left } = isHour ? modelVotes(unlinked, everybody) : { models: [], left: 0 };
      if (left > 0) evicted('model', left);
      const votes = {
        window_size,
        window_end,
        cohorts: baselineVotes(window_size, voters),
        mixes: isHour ? mixVotes(voters) : [],
        models,
        adopters: isHour ? unlinked.length : 0,
      };
      return votes.cohorts.length + votes.models.length > 0 ? votes : null;
    },
  };
}
