import type { ContextFeatureName } from '../../records/features/context.ts';
import type { Adoption } from '../baseline/adoption.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { Cohort } from '../baseline/cohort.ts';
import { labelsOf, testMix } from '../baseline/mix.ts';
import { accountCount } from '../members.ts';
import type { Sum } from './history.ts';

export interface Context {
  sum: Sum;
  hoursActive: number;
  cohort: Cohort;
  time: number;
}

/** What records/features/context.ts describes, without what cannot be told yet. */
export function contextFeatures(
  { sum: { accumulator, members, hours, span }, hoursActive, cohort, time }: Context,
  { baseline, adoption }: { baseline: Baseline; adoption: Adoption },
): Map<ContextFeatureName, number> {
  const features = new Map<ContextFeatureName, number>();
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
  features.set('hours_active', hoursActive);
  return features;
}
