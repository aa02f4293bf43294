import { DAY, HOUR, MINUTE } from '../records/window.ts';
import type { LockstepSettings } from './settings.ts';

/** Length of a bin: `calls` writes a lockstep attribute as `<bin number>:<template>`. */
export const BIN_LENGTH = 5 * MINUTE;
export const BINS_AN_HOUR = HOUR / BIN_LENGTH;
const BINS_A_DAY = DAY / BIN_LENGTH;
const QUARTERS_A_DAY = 4;

export interface LockstepSighting {
  /** Number of the bin since the epoch. */
  bin: number;
  template: string;
}

/** null: not of that form. */
export function readLockstep(value: string): LockstepSighting | null {
  const colon = value.indexOf(':');
  const bin = Number(value.slice(0, colon));
  return colon < 1 || !Number.isSafeInteger(bin) ? null : { bin, template: value.slice(colon + 1) };
}

/** Inserts in ascending order, keeps the latest `most`. False when it was known or is older than all that are kept. */
export function addBin(bins: number[], bin: number, most: number): boolean {
  const after = bins.findLastIndex((known) => known <= bin);
  if (bins[after] === bin) return false;
  if (after === -1 && bins.length >= most) return false;
  bins.splice(after + 1, 0, bin);
  if (bins.length > most) bins.shift();
  return true;
}

/** True when some were dropped. */
export function dropOldBins(bins: number[], before: number): boolean {
  const first = bins.findIndex((bin) => bin * BIN_LENGTH >= before);
  const dropped = first === -1 ? bins.length : first;
  bins.splice(0, dropped);
  return dropped > 0;
}

export interface Lockstep {
  /** Bins in which both used the same template. */
  shared: number;
  /** As many as two independent accounts of that activity would share. */
  expected: number;
  /** Shared bins in every quarter of the day and all over the hour: neither a working day nor a timetable. */
  roundTheClock: boolean;
}

/**
 * How far two accounts are in step on the templates that they share; null when it may be chance. Only the time in which both are known counts: two who
 * were first seen on the same day would else seem to avoid the time before.
 */
export function lockstepOf(
  mine: ReadonlyMap<string, number[]>,
  theirs: ReadonlyMap<string, number[]>,
  templates: readonly string[],
  settings: LockstepSettings,
): Lockstep | null {
  const [myFirst, myLast] = span(mine, templates);
  const [theirFirst, theirLast] = span(theirs, templates);
  const from = Math.max(myFirst, theirFirst);
  const universe = Math.max(myLast, theirLast) - from + 1;
  const quarters = new Set<number>();
  const places = new Set<number>();
  let shared = 0;
  let expected = 0;
  for (const template of templates) {
    const a = since(mine.get(template) ?? [], from);
    const b = since(theirs.get(template) ?? [], from);
    expected += (a.length * b.length) / universe;
    for (const bin of common(a, b)) {
      shared++;
      quarters.add(Math.floor(((bin % BINS_A_DAY) * QUARTERS_A_DAY) / BINS_A_DAY));
      places.add(bin % BINS_AN_HOUR);
    }
  }
  if (shared < settings.leastBins || shared - expected < settings.deviations * Math.sqrt(expected)) return null;
  const { roundTheClock } = settings;
  const everywhere = quarters.size >= roundTheClock.quarters && places.size >= roundTheClock.places;
  return { shared, expected, roundTheClock: shared >= roundTheClock.bins && everywhere };
}

/** Bins in which both used the same template, over all templates. */
export function sharedBins(mine: ReadonlyMap<string, number[]>, theirs: ReadonlyMap<string, number[]>): number {
  let shared = 0;
  for (const [template, bins] of mine) {
    const others = theirs.get(template);
    if (others !== undefined) shared += common(bins, others).length;
  }
  return shared;
}

/** First and last bin of an account on these templates. */
function span(bins: ReadonlyMap<string, number[]>, templates: readonly string[]): [number, number] {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const template of templates) {
    const on = bins.get(template);
    if (on === undefined) continue;
    first = Math.min(first, on[0] ?? first);
    last = Math.max(last, on.at(-1) ?? last);
  }
  return [first, last];
}

function since(bins: readonly number[], from: number): readonly number[] {
  const first = bins.findIndex((bin) => bin >= from);
  return first === -1 ? [] : first === 0 ? bins : bins.slice(first);
}

/** Of two ascending lists. */
function common(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  let j = 0;
  for (const bin of a) {
    while ((b[j] ?? Number.POSITIVE_INFINITY) < bin) j++;
    if (b[j] === bin) both.push(bin);
  }
  return both;
}
