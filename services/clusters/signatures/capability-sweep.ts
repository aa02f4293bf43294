import { least, rampOf, type Signature, scaled, weigh } from './signature.ts';

/** What is asked is far from what customers ask, significantly so, and narrow. */
export const capabilitySweep: Signature = {
  name: 'capability-sweep',
  version: 1,
  facet: 'capability',
  rationale:
    "A harvest asks for the capabilities worth training on (agentic coding, tools, reasoning), a customer for what its business needs. A two-sample test of the subject's mix of work against the benign one says how far apart they are and whether chance would do it (MMD windows, arXiv 2606.05725). Alone it is weak: every specialised product is far from the average.",
  thresholds: ['least_calls', 'mix_divergence', 'agentic_share', 'top_category_share', 'mix_divergence_significance'],
  evaluate(view, thresholds) {
    if (view.calls < least(thresholds, 'least_calls')) return null;
    const result = weigh(view, thresholds, [
      { feature: 'mix_divergence', weight: 0.5 },
      { feature: 'agentic_share', weight: 0.4 },
      { feature: 'top_category_share', weight: 0.1 },
    ]);
    // Without a baseline there is no test: a narrow mix then counts for half.
    const significance = view.features.has('mix_divergence_significance')
      ? rampOf(view, thresholds, 'mix_divergence_significance')
      : 0.5;
    return scaled(result, significance);
  },
};
