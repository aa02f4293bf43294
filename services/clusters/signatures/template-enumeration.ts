import { least, type Signature, weigh } from './signature.ts';

/** Few templates, many fillings, hardly one twice: a queue is being worked off. */
export const templateEnumeration: Signature = {
  name: 'template-enumeration',
  version: 1,
  facet: 'enumeration',
  rationale:
    'Independent users of one application repeat each other: the same exercise, the same greeting, the same retry. A dispatcher that draws from a list never does: every call of a template has a filling of its own.',
  thresholds: ['least_prompts', 'enumerated_share', 'fresh_filling_share'],
  evaluate(view, thresholds) {
    if (view.prompts < least(thresholds, 'least_prompts')) return null;
    const { score, features } = weigh(view, thresholds, [
      { feature: 'enumerated_share', weight: 0.7 },
      { feature: 'fresh_filling_share', weight: 0.3 },
    ]);
    // Fresh texts alone are what every honest conversation looks like.
    const enumerated = features.find(({ name }) => name === 'enumerated_share')?.contribution ?? 0;
    if (enumerated > 0) return { score, features };
    return { score: 0, features: features.map((feature) => ({ ...feature, contribution: 0 })) };
  },
};
