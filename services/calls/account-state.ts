import { type Accumulator, addCall, createAccumulator, mergeShorter } from '../records/accumulator.ts';
import { withInserted } from '../records/bins.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import { isCrowdedOut } from '../records/template-counts.ts';
import { DAY, windowStart } from '../records/window.ts';
import type { EnrichedCall } from './enrich.ts';
import { isRecurrent, kindSpan, type SeenAttribute } from './seen-attribute.ts';

/** A minute that is still open. */
export interface OpenMinute {
  start: number;
  accumulator: Accumulator;
  /** Event ids counted: the same call sent again counts once. After the minute is closed, a repetition is late. A set once there are many. */
  eventIds: string[] | Set<string>;
  /** Ascending by key, at most MOST_OF_KIND of a kind. */
  attributes: SeenAttribute[];
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
  /**
   * Keys of attributes reported to `links`, oldest first, and the event time of each report: they are reported again after a day, so that `links` can let
   * old ones expire. Two arrays of numbers weigh a tenth of the attributes' text, and there are millions of accounts.
   */
  reported: { keys: number[]; at: number[] };
}

/** Above this a list is scanned too slowly; below, a set weighs too much. */
const MOST_LISTED_IDS = 16;
const REPORT_AGAIN = DAY;
/** Attributes remembered an account. A forgotten one is reported again, which `links` takes for what it is. */
export const MOST_REPORTED = 128;
/**
 * Different attributes of one kind in a minute: those with the least hash, so that the order of arrival does not matter, one kind cannot push out another,
 * and accounts that rotate over the same proxies show the same ones of them (bottom-k sampling is coordinated).
 */
export const MOST_OF_KIND = 32;

export function createAccountState(): AccountState {
  return { minutes: [], hours: [], days: [], reported: { keys: [], at: [] } };
}

export function openMinute(state: AccountState, start: number): OpenMinute {
  const made: OpenMinute = { start, accumulator: createAccumulator(), eventIds: [], attributes: [] };
  state.minutes = [...state.minutes, made];
  return made;
}

/** Event ids in the form that suits their number. */
export function eventIdsOf(ids: string[]): OpenMinute['eventIds'] {
  return ids.length <= MOST_LISTED_IDS ? ids : new Set(ids);
}

/** True the first time. */
export function addEventId(minute: OpenMinute, eventId: string): boolean {
  const { eventIds } = minute;
  if (Array.isArray(eventIds)) {
    if (eventIds.includes(eventId)) return false;
    if (eventIds.length === 0) minute.eventIds = [eventId];
    else if (eventIds.length < MOST_LISTED_IDS) eventIds.push(eventId);
    else minute.eventIds = new Set([...eventIds, eventId]);
    return true;
  }
  if (eventIds.has(eventId)) return false;
  eventIds.add(eventId);
  return true;
}

/** `attributes`: ascending by key. Returns how many of them, and of templates, found no room or took that of another. */
export function addToMinute(
  minute: OpenMinute,
  call: EnrichedCall,
  attributes: readonly SeenAttribute[],
): { attributes: number; templates: number } {
  const { prompt } = call.counted;
  const templates = prompt !== null && isCrowdedOut(minute.accumulator.templates, prompt.template) ? 1 : 0;
  addCall(minute.accumulator, call.counted, minute.start);
  let dropped = 0;
  // Most minutes hold one call.
  if (minute.attributes.length === 0) minute.attributes = [...attributes];
  else for (const attribute of attributes) if (!addAttribute(minute, attribute)) dropped++;
  return { attributes: dropped, templates };
}

/** False where it found no room or took that of another. */
function addAttribute(minute: OpenMinute, attribute: SeenAttribute): boolean {
  const place = lowerBound(minute.attributes, attribute.key);
  if (minute.attributes[place]?.key === attribute.key) return true;
  const { from, to } = kindSpan(attribute.key);
  const end = lowerBound(minute.attributes, to);
  const full = end - lowerBound(minute.attributes, from) >= MOST_OF_KIND;
  if (full && place === end) return false;
  if (full) minute.attributes.splice(end - 1, 1);
  minute.attributes = withInserted(minute.attributes, place, attribute);
  return !full;
}

/** Takes a minute out of the state; null when there is none. */
export function takeMinute(state: AccountState, start: number): OpenMinute | null {
  const place = state.minutes.findIndex((minute) => minute.start === start);
  const [minute] = place === -1 ? [] : state.minutes.splice(place, 1);
  return minute ?? null;
}

export function mergeIntoHour(state: AccountState, { start, accumulator }: OpenMinute): void {
  const hour = openWindow(state.hours, windowStart('hour', start));
  mergeShorter(hour.accumulator, accumulator, 'hour', hour.start, start);
}

/** Takes the hour out of the state and into its day; null when there is none. */
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

/** Attributes of a closed minute that `links` does not know of yet, by key; remembers them as reported at `at`. `forgotten`: pushed out by newer ones. */
export function takeUnreported(
  { reported: { keys, at: times } }: AccountState,
  attributes: readonly SeenAttribute[],
  at: number,
): { fresh: LinkAttribute[]; forgotten: number } {
  const fresh: LinkAttribute[] = [];
  for (const attribute of attributes) {
    if (isRecurrent(attribute)) {
      const place = keys.indexOf(attribute.key);
      if (place !== -1) {
        if (at - (times[place] ?? 0) < REPORT_AGAIN) continue;
        keys.splice(place, 1);
        times.splice(place, 1);
      }
      keys.push(attribute.key);
      times.push(at);
    }
    fresh.push(unkeyed(attribute));
  }
  const forgotten = Math.max(0, keys.length - MOST_REPORTED);
  keys.splice(0, forgotten);
  times.splice(0, forgotten);
  return { fresh, forgotten };
}

export function unkeyed({ kind, value }: SeenAttribute): LinkAttribute {
  return { kind, value };
}

/** Forgets reports that would be repeated anyway. */
export function dropExpired({ reported: { keys, at: times } }: AccountState, now: number): void {
  const kept = times.findIndex((at) => now - at < REPORT_AGAIN);
  const expired = kept === -1 ? times.length : kept;
  keys.splice(0, expired);
  times.splice(0, expired);
}

/** When the last report of an account without open windows expires; null when there is none. */
export function reportsExpire({ reported: { at } }: AccountState): number | null {
  const last = at.at(-1);
  return last === undefined ? null : last + REPORT_AGAIN;
}

export function hasWindows({ hours, days }: AccountState): boolean {
  return hours.length > 0 || days.length > 0;
}

/** Whether anything outlives the open minutes. */
export function isRemembered(state: AccountState): boolean {
  return hasWindows(state) || state.reported.keys.length > 0;
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

function lowerBound(attributes: readonly SeenAttribute[], key: number): number {
  let low = 0;
  let high = attributes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((attributes[middle]?.key ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
