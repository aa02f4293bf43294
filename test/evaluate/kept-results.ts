import type { MadeWith } from '../support/made-with.ts';
import type { Measurement } from './measurement.ts';
import { type Report, summarise } from './report/summary.ts';

export type KeptMeasurement = Measurement & Pick<MadeWith, 'commit' | 'measuredOn'>;

/** `results.json`: of each run on test seeds at full size the last one, whichever call of `evaluate` it came with. */
export interface KeptResults {
  report: Report;
  measurements: KeptMeasurement[];
}

/** Puts what was measured now in the place of the same runs of before. */
export function keepMeasured(
  kept: readonly KeptMeasurement[],
  measured: readonly Measurement[],
  { commit, measuredOn }: Pick<MadeWith, 'commit' | 'measuredOn'>,
): KeptResults {
  const results = new Map(kept.map((measurement) => [nameOf(measurement), measurement]));
  for (const measurement of measured) results.set(nameOf(measurement), { ...measurement, commit, measuredOn });
  const measurements = [...results.values()];
  return { report: summarise(measurements), measurements };
}

function nameOf({ experiment, label, seed }: Measurement): string {
  return `${experiment}, ${label}, ${seed}`;
}
