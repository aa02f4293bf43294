import { least, type Signature, weigh } from './signature.ts';

/** No hour is free of calls. */
export const roundTheClock: Signature = {
  name: 'round-the-clock',
  version: 1,
  facet: 'structure',
  rationale:
    'People sleep and build machines rest at the weekend: the median benign client is active in 7 to 41 % of ten-minute windows (ServeGen). A queue is worked off until it is empty. It never counts fully: any large group of people is awake at some hour.',
  thresholds: ['least_calls', 'hours_active_share', 'active_share'],
  evaluate(view, thresholds) {
    if (view.calls < least(thresholds, 'least_calls')) return null;
    return weigh(view, thresholds, [
      { feature: 'hours_active_share', weight: 0.15 },
      { feature: 'active_share', weight: 0.1 },
    ]);
  },
};
