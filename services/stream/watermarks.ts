import { MINUTE, windowStart } from '../records/window.ts';

/** Nothing has been seen yet. Event times are always later. */
export const NO_WATERMARK = 0;

/** A watermark as it travels with the data: task `source` of `of` has written everything older than `time` to this partition. */
export interface WatermarkMark {
  source: number;
  of: number;
  time: number;
}

/** Event time of one input partition: plain data, saved with the state. */
export type WatermarkState =
  | { kind: 'events'; grace: number; latest: number; forced: number }
  | { kind: 'marks'; of: number; bySource: { source: number; time: number }[] };

/** A source of events: its watermark follows the latest event time at a distance of `grace` milliseconds. */
export function eventWatermark(grace: number): WatermarkState {
  return { kind: 'events', grace, latest: NO_WATERMARK, forced: NO_WATERMARK };
}

/** A stream of ours: its watermark is the least of the marks of all the tasks that write to it. */
export function markWatermark(): WatermarkState {
  return { kind: 'marks', of: 0, bySource: [] };
}

export function observeEvent(state: WatermarkState, time: number): void {
  if (state.kind === 'events' && time > state.latest) state.latest = time;
}

/** Moves an idle source on to `time`: decided outside (by its peers or the wall clock) and recorded, so that a replay decides the same. */
export function forceWatermark(state: WatermarkState, time: number): void {
  if (state.kind === 'events' && time > state.forced) state.forced = time;
}

export function observeMark(state: WatermarkState, mark: WatermarkMark): void {
  if (state.kind !== 'marks') return;
  state.of = Math.max(state.of, mark.of);
  const known = state.bySource.find((entry) => entry.source === mark.source);
  if (known === undefined) state.bySource.push({ source: mark.source, time: mark.time });
  else if (mark.time > known.time) known.time = mark.time;
}

/** Whole minutes, or NO_WATERMARK while some source has not spoken. */
export function watermarkOf(state: WatermarkState): number {
  if (state.kind === 'events') {
    const byEvents = state.latest === NO_WATERMARK ? NO_WATERMARK : windowStart('minute', state.latest - state.grace);
    return Math.max(byEvents, windowStart('minute', state.forced), NO_WATERMARK);
  }
  if (state.of === 0 || state.bySource.length < state.of) return NO_WATERMARK;
  let least = Number.POSITIVE_INFINITY;
  for (const { time } of state.bySource) least = Math.min(least, time);
  return Math.floor(least / MINUTE) * MINUTE;
}
