import type { ApiCall } from '../../services/records/api-call.ts';
import { createScenario, type ScenarioOptions } from '../../services/simulate/scenarios.ts';
import { type Simulation, simulate } from '../../services/simulate/simulate.ts';

/** A whole simulation in memory, with the calls of each account. */
export function readSimulation(
  name: string,
  options: ScenarioOptions,
  seed: number,
): Simulation & { all: ApiCall[]; byAccount: Map<string, ApiCall[]> } {
  const simulation = simulate(createScenario(name, options), seed);
  const all = [...simulation.calls];
  const byAccount = new Map<string, ApiCall[]>();
  for (const call of all) {
    const list = byAccount.get(call.account_id) ?? [];
    list.push(call);
    byAccount.set(call.account_id, list);
  }
  return { ...simulation, all, byAccount };
}

/** Standard deviation over mean. */
export function variation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.sqrt(variance) / mean;
}

export function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

/** 0: all alike; towards 1: one has everything. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const weighted = sorted.reduce((sum, value, index) => sum + (index + 1) * value, 0);
  return (2 * weighted) / (sorted.length * total) - (sorted.length + 1) / sorted.length;
}
