import type { ActorSpec, Scenario } from '../../../services/simulate/scenario.ts';
import { SIMULATION_START } from '../../../services/simulate/scenarios.ts';
import type { Run } from '../measurement.ts';

export interface Size {
  /** Multiplies the numbers of accounts. */
  scale: number;
  seeds: readonly number[];
  quick: boolean;
}

export interface Experiment {
  name: string;
  title: string;
  /** Part of `--quick` and of `npm test`. */
  quick: boolean;
  /** Hours long: run only when asked for by name. */
  long?: boolean;
  runs(size: Size): Run[];
}

const DAY = 86_400_000;

/** A scenario of the evaluation's own; `launchAfter` is the share of the time at which a new model is released. */
export function scenarioOf(name: string, days: number, actors: readonly ActorSpec[], launchAfter?: number): Scenario {
  const launch =
    launchAfter === undefined
      ? null
      : { model: 'nimbus-large-5', at: SIMULATION_START + Math.round(launchAfter * days * DAY) };
  return { name, description: '', start: SIMULATION_START, days, text: 'full', launch, actors, disturbance: null };
}

/** The same run for each seed. */
export function forSeeds(size: Size, run: Omit<Run, 'seed'>): Run[] {
  return size.seeds.map((seed) => ({ ...run, seed }));
}
