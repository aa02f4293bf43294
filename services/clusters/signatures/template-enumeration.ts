import { least, rampOf, type Signature, scaled, weigh } from './signature.ts';

/** Few templates, many fillings, hardly one twice: a queue is being worked off. */
export const templateEnumeration: Signature = {
  name: 'template-enumeration',
  version: 3,
  facet: 'enumeration',
  rationale:
    'Independent users of one application repeat each other: the same exercise, the same greeting, the same retry. A dispatcher that draws from a list never does: every call of a template has a filling of its own, and hardly a template is used once. How many templates there are does not matter, a queue over thirty is a queue.',
  thresholds: ['least_prompts', 'enumerated_share', 'near_duplicate_share', 'fresh_filling_share'],
  evaluate(view, thresholds) {
    if (view.prompts < least(thresholds, 'least_prompts')) return null;
    const result = weigh(view, thresholds, [
      { feature: 'enumerated_share', weight: 0.5 },
      { feature: 'near_duplicate_share', weight: 0.3 },
      { feature: 'fresh_filling_share', weight: 0.2 },
    ]);
    // Fresh texts alone are what every honest conversation looks like, and templates that come back are what every application does.
    // Templates per account would count the calls of an account and not the templates of the queue: fillings that look like wording add one now and then.
    return scaled(result, Math.sqrt(rampOf(view, thresholds, 'enumerated_share')));
  },
};
