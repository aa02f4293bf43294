import { least, type Signature, scaled, unusual, weigh } from './signature.ts';

/** Whatever kind of training data it is: the templates that are enumerated are the ones that ask for it. */
export const trainingDataQueue: Signature = {
  name: 'training-data-queue',
  version: 1,
  facet: 'product',
  rationale:
    'A harvest mixes kinds (reasoning here, judgements there), so that each stays under its own threshold, and wordings that no marker knows. What they have in common is that a template which is worked off is also a template that asks for training data.',
  thresholds: ['least_prompts', 'product_enumeration_share', 'product_share'],
  evaluate(view, thresholds) {
    if (view.prompts < least(thresholds, 'least_prompts')) return null;
    const result = weigh(view, thresholds, [
      { feature: 'product_enumeration_share', weight: 0.5 },
      { feature: 'product_share', weight: 0.5 },
    ]);
    return scaled(result, unusual(view.features.get('product_share') ?? 0, view.mean('product_share') ?? 0));
  },
};
