import type { Measurement } from './measurement.ts';
import { type Report, summarise } from './report/summary.ts';

/** A measurement and what it was made with. */
export interface KeptMeasurement extends Measurement {
  /** Of the detector. */
  commit: string;
  /** Day, as in 2026-11-30. */
  measuredOn: string;
}

/** `results.json`: of each run on test seeds at full size the last one, whichever call of `evaluate` it came with. */
export interface KeptResults {
  report: Report;
  measurements: KeptMeasurement[];
}

/** Puts what was measured now in the place of the same runs of before. */
export function keepMeasured(
  kept: readonly KeptMeasurement[],
  measured: readonly Measurement[],
  madeWith: Pick<KeptMeasurement, 'commit' | 'measuredOn'>,
): KeptResults {
  const results = new Map(kept.map((measurement) => [nameOf(measurement), measurement]));
  for (const measurement of measured) results.set(nameOf(measurement), { ...measurement, ...madeWith });
  const measurements = [...results.values()];
  return { report: summarise(measurements), measurements };
}

function nameOf({ experiment, label, seed }: Measurement): string {
  return `${experiment}, ${label}, ${seed}`;
}
