import { least, rampOf, type Signature, scaled, weigh } from './signature.ts';

/** High-frequency, repetitive queries from a non-standard user agent. */
export const nonstandardClientRepetition: Signature = {
  name: 'nonstandard-client-repetition',
  version: 2,
  facet: 'access',
  rationale:
    'The plain case, one loud account or a few: a script or a relay that asks the same thing over and over. Each alone is ordinary: relays resell, scripts repeat, people write scripts.',
  thresholds: [
    'least_calls',
    'nonstandard_client_share',
    'top_client_share',
    'calls_per_account',
    'enumerated_share',
    'repeated_sampling_share',
    'shape_repetition',
  ],
  evaluate(view, thresholds) {
    if (view.calls < least(thresholds, 'least_calls')) return null;
    const client = weigh(view, thresholds, [
      { feature: 'nonstandard_client_share', weight: 0.5 },
      { feature: 'top_client_share', weight: 0.2 },
      { feature: 'calls_per_account', weight: 0.1 },
      { feature: 'enumerated_share', weight: 0.2 },
    ]);
    // Repetition is a filling list, a prompt sampled over and over, or, where prompts are not seen, one request shape.
    const repetition = Math.max(
      rampOf(view, thresholds, 'enumerated_share'),
      rampOf(view, thresholds, 'repeated_sampling_share'),
      0.5 * rampOf(view, thresholds, 'shape_repetition'),
    );
    return scaled(client, repetition * rampOf(view, thresholds, 'nonstandard_client_share'));
  },
};
