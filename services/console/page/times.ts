/** In which zone times are shown: UTC, or that of this machine. */
export type Zone = 'utc' | 'local';

const MINUTE = 60_000;
const SHORT_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', MINUTE],
] as const;

/** In the largest unit that fits: `3 d`, `5 h`, `12 min`. */
export function span(milliseconds: number): string {
  for (const [unit, length] of SHORT_UNITS)
    if (milliseconds >= length) return `${Math.floor(milliseconds / length)} ${unit}`;
  return 'under 1 min';
}

/** `3 d ago`, `in 5 h`. */
export function relative(milliseconds: number, now: number): string {
  return milliseconds > now ? `in ${span(milliseconds - now)}` : `${span(now - milliseconds)} ago`;
}

/** `2026-04-22 03:00`, in the zone that the reader chose. Of a moment only together with `offset`: an hour is there twice when summer time ends. */
export function clock(milliseconds: number, zone: Zone): string {
  return shifted(milliseconds, zone).toISOString().slice(0, 16).replace('T', ' ');
}

/** `UTC`, or how far the machine's time was from it at that moment: `+02:00`. */
export function offset(milliseconds: number, zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  const minutes = -new Date(milliseconds).getTimezoneOffset();
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

/** A date whose UTC reads as the zone's clock did at that moment. */
function shifted(milliseconds: number, zone: Zone): Date {
  const away = zone === 'utc' ? 0 : new Date(milliseconds).getTimezoneOffset();
  return new Date(milliseconds - away * MINUTE);
}
