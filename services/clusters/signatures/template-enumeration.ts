import { least, rampOf, type Signature, scaled, weigh } from './signature.ts';

/** Few templates, many fillings, hardly one twice: a queue is being worked off. */
export const templateEnumeration: Signature = {
  name: 'template-enumeration',
  version: 2,
  facet: 'enumeration',
  rationale:
    'Independent users of one application repeat each other: the same exercise, the same greeting, the same retry. A dispatcher that draws from a list never does: every call of a template has a filling of its own, and all accounts share the few templates.',
  thresholds: ['least_prompts', 'enumerated_share', 'templates_per_account', 'fresh_filling_share'],
  evaluate(view, thresholds) {
    if (view.prompts < least(thresholds, 'least_prompts')) return null;
    const result = weigh(view, thresholds, [
      { feature: 'enumerated_share', weight: 0.5 },
      { feature: 'templates_per_account', weight: 0.3 },
      { feature: 'fresh_filling_share', weight: 0.2 },
    ]);
    // Fresh texts alone are what every honest conversation looks like, and so are few templates of accounts that hardly call.
    return scaled(result, Math.sqrt(rampOf(view, thresholds, 'enumerated_share')));
  },
};
