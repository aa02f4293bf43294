import type { Measurement, ReliabilityBin, SurfacePoint } from '../measurement.ts';

/** One run of an experiment over its seeds: means, unless the name says otherwise. Null: no seed has the figure. */
export interface DetectionRow {
  experiment: string;
  label: string;
  seeds: number;
  point: SurfacePoint | null;
  accounts: number;
  campaignAccounts: number;
  recall: number | null;
  worstRecall: number | null;
  precision: number | null;
  recallAny: number | null;
  precisionAny: number | null;
  falsePositiveRate: number;
  bCubedF1: number | null;
  leakedCalls: number | null;
  leakedShare: number | null;
  /** Seeds with a campaign that was never paged. */
  missed: number;
  firstPageMinutes: number | null;
  accountMinutesP50: number | null;
  accountMinutesP95: number | null;
  wallSeconds: number;
  cpuSeconds: number;
  peakMemoryMb: number;
}

/** Somebody innocent over all the runs of an experiment. */
export interface FalseAlarmRow {
  experiment: string;
  label: string;
  who: string;
  accounts: number;
  accountDays: number;
  days: number;
  pages: number;
  pagesADay: number;
  tickets: number;
  pagedAccounts: number;
  falsePositiveRate: number;
}

export interface Calibration {
  bins: ReliabilityBin[];
  windows: number;
  brier: number;
  /** Expected calibration error: the gap between confidence and truth, weighed by the windows of each bin. */
  ece: number;
}

export interface Report {
  detection: DetectionRow[];
  falseAlarms: FalseAlarmRow[];
  calibration: Calibration;
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function groups(measurements: readonly Measurement[]): Measurement[][] {
  const byRun = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const name = `${measurement.experiment}\n${measurement.label}`;
    byRun.set(name, [...(byRun.get(name) ?? []), measurement]);
  }
  return [...byRun.values()];
}

function detectionRow(runs: readonly Measurement[]): DetectionRow | null {
  const [first] = runs;
  if (first === undefined) return null;
  const of = (figure: (run: Measurement) => number | null): number | null => mean(runs.map(figure));
  const recalls = runs.map((run) => run.page.recall).filter((recall) => recall !== null);
  return {
    experiment: first.experiment,
    label: first.label,
    seeds: runs.length,
    point: first.point ?? null,
    accounts: of((run) => run.accounts) ?? 0,
    campaignAccounts: of((run) => run.campaignAccounts) ?? 0,
    recall: mean(recalls),
    worstRecall: recalls.length === 0 ? null : Math.min(...recalls),
    precision: of((run) => run.page.precision),
    recallAny: of((run) => run.any.recall),
    precisionAny: of((run) => run.any.precision),
    falsePositiveRate: of((run) => run.page.falsePositiveRate) ?? 0,
    bCubedF1: of((run) => run.bCubed?.f1 ?? null),
    leakedCalls: of((run) => run.leaked?.calls ?? null),
    leakedShare: of((run) => run.leaked?.share ?? null),
    missed: runs.filter((run) => run.leaked !== null && !run.leaked.paged).length,
    firstPageMinutes: of((run) => run.firstPageMinutes),
    accountMinutesP50: of((run) => run.accountMinutes?.p50 ?? null),
    accountMinutesP95: of((run) => run.accountMinutes?.p95 ?? null),
    wallSeconds: of((run) => run.wallSeconds) ?? 0,
    cpuSeconds: of((run) => run.cpuSeconds) ?? 0,
    peakMemoryMb: Math.max(...runs.map((run) => run.peakMemoryMb)),
  };
}

function falseAlarmRows(runs: readonly Measurement[]): FalseAlarmRow[] {
  const rows = new Map<string, FalseAlarmRow>();
  for (const run of runs) {
    for (const [who, innocents] of Object.entries(run.innocents)) {
      const row = rows.get(who) ?? {
        experiment: run.experiment,
        label: run.label,
        who,
        accounts: 0,
        accountDays: 0,
        days: 0,
        pages: 0,
        pagesADay: 0,
        tickets: 0,
        pagedAccounts: 0,
        falsePositiveRate: 0,
      };
      rows.set(who, row);
      row.accounts += innocents.accounts;
      row.accountDays += innocents.accounts * run.days;
      row.days += run.days;
      row.pages += innocents.pages;
      row.tickets += innocents.tickets;
      row.pagedAccounts += innocents.paged;
      row.pagesADay = row.pages / row.days;
      row.falsePositiveRate = row.pagedAccounts / Math.max(1, row.accounts);
    }
  }
  return [...rows.values()];
}

/** Brier score and expected calibration error of the confidences of all hourly windows of clusters and loud accounts. */
export function calibrate(measurements: readonly Measurement[]): Calibration {
  const bins: ReliabilityBin[] = [];
  for (const { reliability } of measurements) {
    for (const [index, bin] of reliability.entries()) {
      const sum = bins[index] ?? { windows: 0, confidence: 0, true: 0, squared: 0 };
      bins[index] = {
        windows: sum.windows + bin.windows,
        confidence: sum.confidence + bin.confidence,
        true: sum.true + bin.true,
        squared: sum.squared + bin.squared,
      };
    }
  }
  const windows = bins.reduce((sum, bin) => sum + bin.windows, 0);
  const weight = Math.max(1, windows);
  return {
    bins,
    windows,
    brier: bins.reduce((sum, bin) => sum + bin.squared, 0) / weight,
    ece: bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.true), 0) / weight,
  };
}

export function summarise(measurements: readonly Measurement[]): Report {
  const grouped = groups(measurements);
  return {
    detection: grouped.map(detectionRow).filter((row) => row !== null),
    falseAlarms: grouped.flatMap(falseAlarmRows),
    // An ablated detector says nothing of how the shipped one is calibrated.
    calibration: calibrate(measurements.filter(({ experiment }) => experiment !== 'ablations')),
  };
}
