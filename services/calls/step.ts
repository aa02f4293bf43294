import type { Hasher } from '../fingerprint/hasher.ts';
import type { AccountProfile, AccountWindow } from '../records/account-window.ts';
import type { Accumulator } from '../records/accumulator.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { LateCall } from '../records/dead-letter.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import { DAY, HOUR, MINUTE, type WindowSize, windowEnd, windowStart } from '../records/window.ts';
import type { Emit, StepFactory } from '../stream/step.ts';
import { NO_WATERMARK } from '../stream/watermarks.ts';
import {
  type AccountState,
  addToMinute,
  closeDay,
  closeHour,
  closeMinute,
  createAccountState,
  isEmpty,
  MOST_LISTED_IDS,
  openMinute,
  takeUnreported,
} from './account-state.ts';
import { createDueAccounts } from './due-accounts.ts';
import type { Enrich } from './enrich.ts';
import { linkAttributes } from './link-attributes.ts';

export interface CallsInputs {
  calls: ApiCall;
}

export interface CallsOutputs {
  account_windows: AccountWindow;
  link_observations: LinkObservation;
  late_calls: LateCall;
}

export interface CallsDeps {
  enrich: Enrich;
  hasher: Hasher;
  /** The account's version in force at that event time. */
  profileAt(accountId: string, time: number): AccountProfile;
}

/**
 * API calls in; account windows and link observations out, when the watermark closes a minute. A call older than the watermark's minute is late; the same
 * event id twice in a minute counts once. Cost follows calls: an account without an open window is touched by nobody.
 */
export function createCallsStep({ enrich, hasher, profileAt }: CallsDeps): StepFactory<CallsInputs, CallsOutputs> {
  return ({ partition, tables, count }) => {
    const accounts = tables.table<AccountState>('accounts');
    const clock = tables.table<number>('clock');
    let watermark = clock.get('watermark') ?? NO_WATERMARK;
    const due = createDueAccounts(accounts.entries());
    /** Event ids of loud accounts' open minutes as sets; derived, and made again from the state when it is gone. */
    const idSets = new Map<string, Set<string>>();

    const isDuplicate = (accountId: string, start: number, eventIds: readonly string[], eventId: string): boolean => {
      if (eventIds.length < MOST_LISTED_IDS) return eventIds.includes(eventId);
      const name = `${start} ${accountId}`;
      let ids = idSets.get(name);
      if (ids === undefined) {
        ids = new Set(eventIds);
        idSets.set(name, ids);
      }
      if (ids.has(eventId)) return true;
      ids.add(eventId);
      return false;
    };

    const emitWindow = (
      emit: Emit<CallsOutputs>,
      accountId: string,
      size: WindowSize,
      end: number,
      accumulator: Accumulator,
    ): void => {
      const profile = profileAt(accountId, accumulator.last_seen);
      if (profile.plan === null) count('unknown_account', size);
      emit(
        'account_windows',
        { account_id: accountId, window_size: size, window_end: end, profile, accumulator },
        partition,
      );
    };

    const closeMinutes = (end: number, emit: Emit<CallsOutputs>): void => {
      for (const accountId of due.take('minute', end)) {
        const state = accounts.get(accountId);
        const minute = state === undefined ? null : closeMinute(state, end - MINUTE);
        if (state === undefined || minute === null) continue;
        idSets.delete(`${minute.start} ${accountId}`);
        due.add('hour', windowEnd('hour', minute.start), accountId);
        const fresh = takeUnreported(state, minute.attributes, end);
        accounts.set(accountId, state);
        emitWindow(emit, accountId, 'minute', end, minute.accumulator);
        if (fresh.length > 0)
          emit(
            'link_observations',
            { account_id: accountId, observed_at: end, partition, attributes: fresh },
            partition,
          );
      }
    };

    const closeLonger = (size: 'hour' | 'day', end: number, emit: Emit<CallsOutputs>): void => {
      for (const accountId of due.take(size, end)) {
        const state = accounts.get(accountId);
        if (state === undefined) continue;
        const accumulator = size === 'hour' ? closeHour(state, end - HOUR) : closeDay(state, end - DAY);
        if (accumulator === null) continue;
        emitWindow(emit, accountId, size, end, accumulator);
        if (size === 'hour') due.add('day', windowEnd('day', end - HOUR), accountId);
        else due.add('forget', end + DAY, accountId);
        accounts.set(accountId, state);
      }
    };

    const forget = (end: number): void => {
      for (const accountId of due.take('forget', end)) {
        const state = accounts.get(accountId);
        if (state !== undefined && isEmpty(state, end)) accounts.delete(accountId);
      }
    };

    return {
      onRecord(_, call, at, emit) {
        const start = windowStart('minute', call.occurred_at);
        if (start + MINUTE <= watermark) {
          count('late', 'minute_closed');
          emit(
            'late_calls',
            { event_id: call.event_id, account_id: call.account_id, occurred_at: call.occurred_at, watermark, ...at },
            partition,
          );
          return;
        }
        const state = accounts.get(call.account_id) ?? createAccountState();
        const known = state.minutes.find((minute) => minute.start === start);
        if (known !== undefined && isDuplicate(call.account_id, start, known.eventIds, call.event_id)) {
          count('duplicate', 'event_id');
          return;
        }
        const enriched = enrich(call);
        const minute = known ?? openMinute(state, start);
        addToMinute(minute, enriched, linkAttributes(enriched, hasher));
        accounts.set(call.account_id, state);
        if (known === undefined) due.add('minute', start + MINUTE, call.account_id);
      },
      onWatermark(to, emit) {
        for (const { size, end } of due.until(to)) {
          if (size === 'minute') closeMinutes(end, emit);
          else if (size === 'forget') forget(end);
          else closeLonger(size, end, emit);
        }
        watermark = to;
        clock.set('watermark', to);
      },
    };
  };
}
