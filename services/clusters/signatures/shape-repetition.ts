import { least, type Signature, scaled, weigh } from './signature.ts';

/** What is left of enumeration where prompts are not seen: the same few request shapes over and over. */
export const shapeRepetition: Signature = {
  name: 'shape-repetition',
  version: 1,
  facet: 'enumeration',
  rationale:
    'A queue of one template has one set of parameters, one set of tools and a narrow band of lengths. Shapes are coarse, and many products have few: it never counts fully, and the less the more prompts are seen, where template-enumeration says the same and says it better.',
  thresholds: ['least_calls', 'shape_repetition', 'input_length_spread'],
  evaluate(view, thresholds) {
    if (view.calls < least(thresholds, 'least_calls')) return null;
    const result = weigh(view, thresholds, [
      { feature: 'shape_repetition', weight: 0.4 },
      { feature: 'input_length_spread', weight: 0.2 },
    ]);
    return scaled(result, 1 - Math.min(1, view.prompts / view.calls));
  },
};
