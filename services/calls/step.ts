import type { AccountProfile, AccountWindow } from '../records/account-window.ts';
import type { Accumulator } from '../records/accumulator.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { LateCall } from '../records/dead-letter.ts';
import type { LinkAttribute, LinkObservation } from '../records/link-observation.ts';
import { DAY, HOUR, MINUTE, type WindowSize, windowEnd, windowStart } from '../records/window.ts';
import type { Emit, Position, StepFactory } from '../stream/step.ts';
import { NO_WATERMARK } from '../stream/watermarks.ts';
import { accountRows } from './account-rows.ts';
import {
  type AccountState,
  addEventId,
  addToMinute,
  closeDay,
  closeHour,
  createAccountState,
  dropExpired,
  hasWindows,
  isRemembered,
  mergeIntoHour,
  openMinute,
  reportsExpire,
  takeMinute,
  takeUnreported,
  unkeyed,
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
  /** The account's version in force at that event time. */
  profileAt(accountId: string, time: number): AccountProfile;
  /** Accounts remembered beyond their open minutes, at most, in one task. Default MOST_ACCOUNTS. */
  mostAccounts?: number;
}

/**
 * An account with one call weighs half a kilobyte (npm run bench -- calls-million), with a few calls a day about one: a task stays near 2 GB. Accounts a day above
 * this times the partitions need more partitions.
 */
const MOST_ACCOUNTS = 1_500_000;

/**
 * API calls in; account windows and link observations out, when the watermark closes a minute. A call older than the watermark's minute is late; the same
 * event id twice in a minute counts once (a repetition carries the same event time: the contract). Cost follows calls: an account without an open window
 * is touched by nobody.
 *
 * A flood of accounts stays bounded. Above `mostAccounts` an account that is new gets its minute windows, complete and in time, but no hour and no day,
 * and all its attributes are reported each minute (counted as `refused`, `account_memory`). That is decided at the end of a minute in the order of account
 * ids, so it does not depend on arrival. Above twice as many, a call of an account that is new even to the open minutes is put on the late topic
 * (`refused`, `accounts_open`): an emergency brake that does depend on arrival, for traffic that no task of this size was meant for.
 */
export function createCallsStep({
  enrich,
  profileAt,
  mostAccounts = MOST_ACCOUNTS,
}: CallsDeps): StepFactory<CallsInputs, CallsOutputs> {
  return ({ partition, tables, count }) => {
    const accounts = tables.packed('accounts', accountRows());
    const clock = tables.table<number>('clock');
    const due = createDueAccounts(accounts.entries());
    let watermark = clock.get('watermark') ?? NO_WATERMARK;
    let remembered = 0;
    for (const [, state] of accounts.entries()) if (isRemembered(state)) remembered++;

    const emitWindow = (
      emit: Emit<CallsOutputs>,
      account_id: string,
      window_size: WindowSize,
      window_end: number,
      accumulator: Accumulator,
    ): void => {
      // As it is when the window ends: of a suspended account the last call came before.
      const profile = profileAt(account_id, window_end - 1);
      if (profile.plan === null) count('unknown_account', window_size);
      emit('account_windows', { account_id, window_size, window_end, profile, accumulator }, partition);
    };

    const emitAttributes = (
      emit: Emit<CallsOutputs>,
      account_id: string,
      observed_at: number,
      attributes: LinkAttribute[],
    ): void => {
      if (attributes.length === 0) return;
      emit('link_observations', { account_id, observed_at, partition, attributes }, partition);
    };

    const closeMinutes = (end: number, emit: Emit<CallsOutputs>): void => {
      for (const accountId of due.take('minute', end)) {
        const state = accounts.get(accountId);
        const minute = state === undefined ? null : takeMinute(state, end - MINUTE);
        if (state === undefined || minute === null) continue;
        emitWindow(emit, accountId, 'minute', end, minute.accumulator);
        const isNew = !isRemembered(state);
        if (isNew && remembered >= mostAccounts) {
          count('refused', 'account_memory');
          emitAttributes(emit, accountId, end, minute.attributes.map(unkeyed));
          if (state.minutes.length === 0) accounts.delete(accountId);
          else accounts.set(accountId, state);
          continue;
        }
        if (isNew) remembered++;
        mergeIntoHour(state, minute);
        due.add('hour', windowEnd('hour', minute.start), accountId);
        const { fresh, forgotten } = takeUnreported(state, minute.attributes, end);
        if (forgotten > 0) count('evicted', 'reported_attribute', forgotten);
        emitAttributes(emit, accountId, end, fresh);
        accounts.set(accountId, state);
      }
    };

    const closeHours = (end: number, emit: Emit<CallsOutputs>): void => {
      for (const accountId of due.take('hour', end)) {
        const state = accounts.get(accountId);
        const accumulator = state === undefined ? null : closeHour(state, end - HOUR);
        if (state === undefined || accumulator === null) continue;
        emitWindow(emit, accountId, 'hour', end, accumulator);
        due.add('day', windowEnd('day', end - HOUR), accountId);
        accounts.set(accountId, state);
      }
    };

    const closeDays = (end: number, emit: Emit<CallsOutputs>): void => {
      for (const accountId of due.take('day', end)) {
        const state = accounts.get(accountId);
        const accumulator = state === undefined ? null : closeDay(state, end - DAY);
        if (state === undefined || accumulator === null) continue;
        emitWindow(emit, accountId, 'day', end, accumulator);
        if (hasWindows(state)) accounts.set(accountId, state);
        else forgetExpired(accountId, state, end);
      }
    };

    const forgetAccounts = (end: number): void => {
      for (const accountId of due.take('forget', end)) {
        const state = accounts.get(accountId);
        // With an hour or a day open again, the end of that day sees to it.
        if (state !== undefined && !hasWindows(state) && isRemembered(state)) forgetExpired(accountId, state, end);
      }
    };

    /** For an account that was remembered and has no hour or day open: drops the reports that have expired and, with the last of them, the account. */
    const forgetExpired = (accountId: string, state: AccountState, now: number): void => {
      dropExpired(state, now);
      const expire = reportsExpire(state);
      if (expire === null) remembered--;
      else due.add('forget', expire, accountId);
      if (expire === null && state.minutes.length === 0) accounts.delete(accountId);
      else accounts.set(accountId, state);
    };

    const late = (call: ApiCall, at: Position, emit: Emit<CallsOutputs>): void => {
      const { event_id, account_id, occurred_at } = call;
      emit('late_calls', { event_id, account_id, occurred_at, watermark, ...at }, partition);
    };

    return {
      onRecord(_, call, at, emit) {
        const start = windowStart('minute', call.occurred_at);
        if (start + MINUTE <= watermark) {
          count('late', 'minute_closed');
          late(call, at, emit);
          return;
        }
        const known = accounts.get(call.account_id);
        if (known === undefined && accounts.size >= 2 * mostAccounts) {
          count('refused', 'accounts_open');
          late(call, at, emit);
          return;
        }
        const state = known ?? createAccountState();
        let minute = state.minutes.find((open) => open.start === start);
        if (minute === undefined) {
          minute = openMinute(state, start);
          due.add('minute', start + MINUTE, call.account_id);
        }
        if (!addEventId(minute, call.event_id)) {
          count('duplicate', 'event_id');
          return;
        }
        const enriched = enrich(call);
        const dropped = addToMinute(minute, enriched, linkAttributes(enriched));
        if (dropped.attributes > 0) count('dropped', 'link_attribute', dropped.attributes);
        if (dropped.templates > 0) count('dropped', 'template', dropped.templates);
        accounts.set(call.account_id, state);
      },
      onWatermark(to, emit) {
        for (const { size, end } of due.until(to)) {
          if (size === 'minute') closeMinutes(end, emit);
          else if (size === 'hour') closeHours(end, emit);
          else if (size === 'day') closeDays(end, emit);
          else forgetAccounts(end);
        }
        watermark = to;
        clock.set('watermark', to);
      },
    };
  };
}
