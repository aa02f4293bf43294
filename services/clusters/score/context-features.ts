import type { Adoption } from '../baseline/adoption.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { Cohort } from '../baseline/cohort.ts';
import { labelsOf, testMix } from '../baseline/mix.ts';
import { accountCount } from '../members.ts';
import type { Sum } from './history.ts';

/** Features of a subject that its calls alone do not tell: the population does (mix.ts, adoption.ts), or the hours before. */
export const CONTEXT_FEATURES = [
  'mix_divergence',
  'mix_divergence_significance',
  'new_model_share',
  'new_model_excess',
  'hours_active_share',
] as const;
export type ContextFeature = (typeof CONTEXT_FEATURES)[number];

export interface Context {
  sum: Sum;
  cohort: Cohort;
  time: number;
}

/** Without those that cannot be told yet. */
export function contextFeatures(
  { sum: { accumulator, members, hours, span }, cohort, time }: Context,
  { baseline, adoption }: { baseline: Baseline; adoption: Adoption },
): Map<ContextFeature, number> {
  const features = new Map<ContextFeature, number>();
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
  // A part of an hour says nothing of how long this has been going on.
  if (span > 0) features.set('hours_active_share', hours / span);
  return features;
}
