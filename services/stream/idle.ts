import { MINUTE, windowEnd } from '../records/window.ts';
import { NO_WATERMARK } from './watermarks.ts';

/** What is committed of a task, as its peers see it. */
export interface PeerTime {
  watermark: number;
  latest: number;
  idle: boolean;
}

export interface IdleView {
  own: { watermark: number; latest: number };
  /** Every other task of the step; null for one that never committed. */
  peers: readonly (PeerTime | null)[];
  /** Wall milliseconds since all tasks were first seen idle, and the watermark then; null while some task is busy. */
  quietFor: number | null;
  /** Event milliseconds that pass in a wall millisecond while nothing comes at all: 1 in production, more for accelerated history. */
  speed: number;
}

/**
 * Where an idle task's watermark may go, so that it holds nobody up and its last windows come out.
 * - While some task is busy: as far as the slowest busy one, never further; a partition that wakes up is then no later than its peers.
 * - When all are idle: to the furthest of them, then on with the wall clock, to the end of the last open window (a day) and no further: beyond it
 *   there is nothing to close, and time that runs away would make the next event late.
 */
export function idleTarget(view: IdleView): number {
  const { own, peers, quietFor, speed } = view;
  let slowestBusy = Number.POSITIVE_INFINITY;
  let furthest = own.watermark;
  let latest = own.latest;
  for (const peer of peers) {
    if (peer === null) return own.watermark;
    if (!peer.idle) slowestBusy = Math.min(slowestBusy, peer.watermark);
    furthest = Math.max(furthest, peer.watermark);
    latest = Math.max(latest, peer.latest);
  }
  if (slowestBusy !== Number.POSITIVE_INFINITY) return Math.max(own.watermark, slowestBusy);
  if (latest === NO_WATERMARK || quietFor === null) return own.watermark;
  const byClock = Math.floor((latest + quietFor * speed) / MINUTE) * MINUTE;
  return Math.max(own.watermark, furthest, Math.min(byClock, lastClose(latest)));
}

/** When every window that holds an event is closed: the end of the day of the latest one. Replay ends here too. */
export function lastClose(latest: number): number {
  return windowEnd('day', latest);
}
