import { least, rampOf, type Signature, scaled, weigh } from './signature.ts';

/** It turns to a newly released model faster than customers do. */
export const modelPivot: Signature = {
  name: 'model-pivot',
  version: 1,
  facet: 'novelty',
  rationale:
    'A new model is a new teacher: about half the traffic of a reported campaign moved to it within a day of its release, where customers take weeks. Alone it is weak: a benchmark on launch day is nothing else.',
  thresholds: ['least_calls', 'new_model_excess', 'new_model_share'],
  evaluate(view, thresholds) {
    if (view.calls < least(thresholds, 'least_calls')) return null;
    const result = weigh(view, thresholds, [
      { feature: 'new_model_excess', weight: 0.7 },
      { feature: 'new_model_share', weight: 0.3 },
    ]);
    // The share alone is what every early adopter looks like.
    return scaled(result, rampOf(view, thresholds, 'new_model_excess'));
  },
};
