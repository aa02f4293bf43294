import type { Feature } from './feature.ts';

/** What a subject's own calls do not tell: the population does, or the hours before. Computed where these are known (clusters/score/context-features.ts). */
export type ContextFeature = Omit<Feature, 'compute'>;

export const CONTEXT_FEATURES = [
  {
    name: 'mix_divergence',
    unit: 'bits',
    formula:
      "Jensen-Shannon divergence of the subject's labels (length bands of input and of output, tools or none) from the mean of its cohort's accounts",
    source: 'capability-targeted traffic; Lin 1991',
  },
  {
    name: 'mix_divergence_significance',
    unit: 'share',
    formula:
      'how sure it is that as many accounts of the cohort would be nearer to its mean: 1 - expected / observed squared distance, 0 when nearer',
    source: 'capability-targeted traffic; two-sample test of arXiv 2606.05725, Markov bound',
  },
  {
    name: 'new_model_share',
    unit: 'share',
    formula: 'calls to models first seen in the population within 3 days / calls',
    source: 'half the traffic moves to a new model within 24 h',
  },
  {
    name: 'new_model_excess',
    unit: 'share',
    formula: 'new_model_share, less the mean share of unlinked accounts over the last hours',
    source: 'half the traffic moves to a new model within 24 h',
  },
  {
    name: 'hours_active_share',
    unit: 'share',
    formula: 'hours with a call / the 6 (or 24) hours judged together',
    source: 'synchronised traffic; round the clock',
  },
  { name: 'hours_active', unit: 'count', formula: 'hours of the last day with a call', source: 'round the clock' },
] as const satisfies readonly ContextFeature[];

export type ContextFeatureName = (typeof CONTEXT_FEATURES)[number]['name'];
