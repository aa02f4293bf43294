import type { Accumulator } from '../../records/accumulator.ts';
import type { Members } from '../../records/subject-window.ts';
import { accountCount } from '../members.ts';
import type { Adoption } from './adoption.ts';
import type { Baseline } from './baseline.ts';
import type { Cohort } from './cohort.ts';
import { labelsOf, testMix } from './mix.ts';

/** Features of a subject that only the population can tell. Each is documented where it is computed (mix.ts, adoption.ts). */
export const POPULATION_FEATURES = [
  'mix_divergence',
  'mix_divergence_significance',
  'new_model_share',
  'new_model_excess',
] as const;
export type PopulationFeature = (typeof POPULATION_FEATURES)[number];

export interface PopulationView {
  accumulator: Accumulator;
  members: Members;
  cohort: Cohort;
  time: number;
}

/** Without those that cannot be told yet. */
export function populationFeatures(
  { accumulator, members, cohort, time }: PopulationView,
  { baseline, adoption }: { baseline: Baseline; adoption: Adoption },
): Map<PopulationFeature, number> {
  const features = new Map<PopulationFeature, number>();
  const mix = baseline.mix(cohort);
  if (mix !== null) {
    const { divergence, significance } = testMix(labelsOf(accumulator), accountCount(members), mix);
    features.set('mix_divergence', divergence);
    features.set('mix_divergence_significance', significance);
  }
  const pivot = adoption.pivot(accumulator.models, accumulator.calls, time);
  if (pivot !== null) {
    features.set('new_model_share', pivot.share);
    if (pivot.excess !== null) features.set('new_model_excess', pivot.excess);
  }
  return features;
}
