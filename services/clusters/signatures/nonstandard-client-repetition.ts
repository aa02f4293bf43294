import { least, type Signature, weigh } from './signature.ts';

/** High-frequency, repetitive queries from a non-standard user agent. */
export const nonstandardClientRepetition: Signature = {
  name: 'nonstandard-client-repetition',
  version: 1,
  facet: 'access',
  rationale:
    'Relay software shows one unified client for all the accounts behind it, and a harvest asks the same thing over and over. Each alone is ordinary: relays resell, scripts repeat.',
  thresholds: ['least_calls', 'nonstandard_client_share', 'top_client_share', 'enumerated_share'],
  evaluate(view, thresholds) {
    if (view.calls < least(thresholds, 'least_calls')) return null;
    const { score, features } = weigh(view, thresholds, [
      { feature: 'nonstandard_client_share', weight: 0.4 },
      { feature: 'top_client_share', weight: 0.2 },
      { feature: 'enumerated_share', weight: 0.4 },
    ]);
    const client = features.find(({ name }) => name === 'nonstandard_client_share')?.contribution ?? 0;
    if (client > 0) return { score, features };
    return { score: 0, features: features.map((feature) => ({ ...feature, contribution: 0 })) };
  },
};
