import { least, type Signature, weigh } from './signature.ts';

/** Many answers to the very same prompt. */
export const repeatedSampling: Signature = {
  name: 'repeated-sampling',
  version: 1,
  facet: 'enumeration',
  rationale:
    'Rejection sampling and preference data need several answers to one prompt, at a temperature that makes them differ. Customers repeat a prompt when they retry; a class repeats its exercise, which is why this says nothing of what is asked.',
  thresholds: ['least_prompts', 'repeated_sampling_share', 'calls_per_filling'],
  evaluate(view, thresholds) {
    if (view.prompts < least(thresholds, 'least_prompts')) return null;
    return weigh(view, thresholds, [
      { feature: 'repeated_sampling_share', weight: 0.7 },
      { feature: 'calls_per_filling', weight: 0.3 },
    ]);
  },
};
