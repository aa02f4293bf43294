import { type Accumulator, addCall, createAccumulator, mergeShorter } from '../records/accumulator.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import { DAY, windowStart } from '../records/window.ts';
import type { EnrichedCall } from './enrich.ts';

/** A minute that is still open. */
export interface OpenMinute {
  start: number;
  accumulator: Accumulator;
  /** Event ids counted: the same call sent again counts once. After the minute is closed, a repetition is late. */
  eventIds: string[];
  attributes: LinkAttribute[];
}

interface OpenWindow {
  start: number;
  accumulator: Accumulator;
}

/** What `calls` remembers of one account: only windows that are open, and which link attributes were reported. Plain data. */
export interface AccountState {
  minutes: OpenMinute[];
  hours: OpenWindow[];
  days: OpenWindow[];
  /** Attributes reported to `links`, with the event time: reported again after a day, so that `links` can let old ones expire. Oldest first. */
  reported: { attribute: string; at: number }[];
}

/** Above this an account's ids in one minute are scanned too slowly as a list; such an account is loud enough to be kept in a set by the step. */
export const MOST_LISTED_IDS = 32;
const REPORT_AGAIN = DAY;
/** Attributes remembered an account. A forgotten one is reported again, which `links` takes for what it is. */
const MOST_REPORTED = 192;
/** Different attributes of one minute; an account that shows more is not told apart any better by them. */
const MOST_ATTRIBUTES = 256;

export function createAccountState(): AccountState {
  return { minutes: [], hours: [], days: [], reported: [] };
}

export function openMinute(state: AccountState, start: number): OpenMinute {
  const known = state.minutes.find((minute) => minute.start === start);
  if (known !== undefined) return known;
  const made: OpenMinute = { start, accumulator: createAccumulator(), eventIds: [], attributes: [] };
  state.minutes.push(made);
  return made;
}

export function addToMinute(minute: OpenMinute, call: EnrichedCall, attributes: readonly LinkAttribute[]): void {
  addCall(minute.accumulator, call.counted, minute.start);
  minute.eventIds.push(call.counted.event_id);
  for (const attribute of attributes) {
    if (minute.attributes.length >= MOST_ATTRIBUTES) return;
    if (!minute.attributes.some(({ kind, value }) => kind === attribute.kind && value === attribute.value))
      minute.attributes.push(attribute);
  }
}

/** Takes the minute that ends at `end` out of the state and into its hour; null when there is none. */
export function closeMinute(state: AccountState, start: number): OpenMinute | null {
  const place = state.minutes.findIndex((minute) => minute.start === start);
  const [minute] = place === -1 ? [] : state.minutes.splice(place, 1);
  if (minute === undefined) return null;
  const hour = openWindow(state.hours, windowStart('hour', start));
  mergeShorter(hour.accumulator, minute.accumulator, 'hour', hour.start, start);
  return minute;
}

export function closeHour(state: AccountState, start: number): Accumulator | null {
  const hour = takeWindow(state.hours, start);
  if (hour === null) return null;
  const day = openWindow(state.days, windowStart('day', start));
  mergeShorter(day.accumulator, hour, 'day', day.start, start);
  return hour;
}

export function closeDay(state: AccountState, start: number): Accumulator | null {
  return takeWindow(state.days, start);
}

/** Attributes of a closed minute that `links` does not know of yet, in a fixed order; remembers them as reported at `at`. */
export function takeUnreported(state: AccountState, attributes: readonly LinkAttribute[], at: number): LinkAttribute[] {
  const fresh: LinkAttribute[] = [];
  // Sorted first, so that what is remembered does not depend on the order of arrival inside the minute.
  for (const attribute of [...attributes].sort((a, b) => compare(a.kind, b.kind) || compare(a.value, b.value))) {
    const name = `${attribute.kind} ${attribute.value}`;
    // Its time bin makes a lockstep attribute new each time: remembering it would only push out the others.
    if (attribute.kind !== 'lockstep') {
      const place = state.reported.findIndex((known) => known.attribute === name);
      const known = state.reported[place];
      if (known !== undefined && at - known.at < REPORT_AGAIN) continue;
      if (known !== undefined) state.reported.splice(place, 1);
      state.reported.push({ attribute: name, at });
      if (state.reported.length > MOST_REPORTED) state.reported.shift();
    }
    fresh.push(attribute);
  }
  return fresh;
}

export function isEmpty(state: AccountState, now: number): boolean {
  if (state.minutes.length > 0 || state.hours.length > 0 || state.days.length > 0) return false;
  return state.reported.every(({ at }) => now - at >= REPORT_AGAIN);
}

function openWindow(windows: OpenWindow[], start: number): OpenWindow {
  const known = windows.find((window) => window.start === start);
  if (known !== undefined) return known;
  const made = { start, accumulator: createAccumulator() };
  windows.push(made);
  return made;
}

function takeWindow(windows: OpenWindow[], start: number): Accumulator | null {
  const place = windows.findIndex((window) => window.start === start);
  const [window] = place === -1 ? [] : windows.splice(place, 1);
  return window?.accumulator ?? null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
