import { printableLine } from '../platform/printable.ts';

/** Columns as wide as their widest cell, two blanks between them; for people, never for programs (they have --json). */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => row.map(printableLine));
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Whole minutes of UTC. */
export function formatTime(milliseconds: number): string {
  return isoTime(milliseconds).slice(0, 16).replace('T', ' ');
}

/** Also for what no calendar holds: the time stamp of a Kafka message is whatever its producer says. */
export function isoTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? `${milliseconds} ms` : date.toISOString();
}
