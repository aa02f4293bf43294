import type { MadeWith } from '../support/made-with.ts';

/** What was measured of one contender: `events per CPU-second`, `MB at most`, `ms p95`. */
export interface Figure {
  value: number;
  unit: string;
}

export interface BenchRun {
  what: string;
  /** The first is what runs of one contender are put in order by. */
  figures: Figure[];
}

export interface BenchResult {
  name: string;
  input: string;
  runs: BenchRun[];
  /** Ours over another's, by what it is over. */
  ratios: Record<string, number>;
}

/** `results.json`: the last result of each bench. */
export type KeptBench = BenchResult & MadeWith;

export const throughput = (events: number, cpuSeconds: number): Figure => ({
  value: events / cpuSeconds,
  unit: 'events per CPU-second',
});

export const megabytes = (value: number, what: 'at most' | 'resident'): Figure => ({ value, unit: `MB ${what}` });

/** The run in the middle by its first figure. */
export function medianRun(runs: readonly BenchRun[]): BenchRun {
  const sorted = [...runs].sort((a, b) => first(a) - first(b));
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

export function first({ what, figures: [figure] }: BenchRun): number {
  if (figure === undefined) throw new Error(`nothing was measured of ${what}`);
  return figure.value;
}

/** `last`: the same bench of before. */
export function benchReport({ name, input, runs, ratios }: BenchResult, last: KeptBench | undefined): string {
  const width = Math.max(...runs.map(({ what }) => what.length));
  return [
    `${name}: ${input}`,
    ...runs.map((run) => `  ${run.what.padEnd(width)}  ${run.figures.map(figureText).join(', ')}${beside(run, last)}`),
    ...Object.entries(ratios).map(([over, ratio]) => `  ${ratio.toFixed(2)} x ${over}`),
  ].join('\n');
}

/** The first figure beside that of the last time, where the input was the same. */
function beside(run: BenchRun, last: KeptBench | undefined): string {
  const before = last?.runs.find(({ what }) => what === run.what);
  if (last === undefined || before === undefined) return '';
  return ` (${(first(run) / first(before)).toFixed(2)} x that of ${last.commit}, ${last.measuredOn})`;
}

/** Three digits that mean something, and no more. */
function figureText({ value, unit }: Figure): string {
  return `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)} ${unit}`;
}
