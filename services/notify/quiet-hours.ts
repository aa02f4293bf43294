import type { QuietHours } from '../platform/config/notify-schema.ts';
import type { Severity } from '../records/alert.ts';

/** The quiet hours that a severity has at a target at a moment, by the wall clock of their time zone; null: none. */
export function quietHoursAt(
  all: readonly QuietHours[],
  target: string,
  severity: Severity,
  at: number,
): QuietHours | null {
  return (
    all.find(
      (hours) =>
        hours.severity.some((quiet) => quiet === severity) &&
        (hours.targets === undefined || hours.targets.includes(target)) &&
        isWithin(hours, at),
    ) ?? null
  );
}

/** Over midnight when they end before they begin. `from` belongs to them, `to` does not. */
function isWithin({ from, to, time_zone }: QuietHours, at: number): boolean {
  const time = timeOfDay(at, time_zone);
  return from < to ? from <= time && time < to : from <= time || time < to;
}

/** HH:MM; such texts compare as their times do. */
function timeOfDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    at,
  );
}
