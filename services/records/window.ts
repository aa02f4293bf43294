/** Tumbling event-time windows. A window is named by its size and its exclusive end; it holds the calls with start <= occurred_at < end. */
export type WindowSize = 'minute' | 'hour' | 'day';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Before the first of anything: later than every event time, and still what Avro's long, JSON and Date can hold, which Infinity is not. */
export const NEVER = 8_640_000_000_000_000;

/** Shortest first: a longer window is merged from the shorter ones that it spans. */
export const WINDOW_SIZES: readonly WindowSize[] = ['minute', 'hour', 'day'];

const LENGTH: Readonly<Record<WindowSize, number>> = { minute: MINUTE, hour: HOUR, day: DAY };

/** Milliseconds. */
export function windowLength(size: WindowSize): number {
  return LENGTH[size];
}

/** Inclusive start of the window of this size that holds `time`, milliseconds since the epoch (UTC-aligned). */
export function windowStart(size: WindowSize, time: number): number {
  const length = LENGTH[size];
  return Math.floor(time / length) * length;
}

/** Exclusive end of the window of this size that holds `time`. */
export function windowEnd(size: WindowSize, time: number): number {
  return windowStart(size, time) + LENGTH[size];
}
