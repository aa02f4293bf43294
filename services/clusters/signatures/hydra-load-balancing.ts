import { least, type Signature, weigh } from './signature.ts';

/** A dispatcher gives every account the same, around the clock, and smoother than people would. */
export const hydraLoadBalancing: Signature = {
  name: 'hydra-load-balancing',
  version: 1,
  facet: 'structure',
  rationale:
    'Keeping each account under its limit spreads the work evenly: calls over accounts have a Gini coefficient near 0 where independent customers have 0.65 to 0.87; the superposed arrivals are no burstier than chance; and no hour of the day is free of them.',
  thresholds: ['least_accounts', 'evenness_gini', 'arrival_dispersion', 'active_share'],
  evaluate(view, thresholds) {
    if (view.subjectType !== 'cluster' || view.accounts < least(thresholds, 'least_accounts')) return null;
    return weigh(view, thresholds, [
      { feature: 'evenness_gini', weight: 0.5 },
      { feature: 'arrival_dispersion', weight: 0.2 },
      { feature: 'active_share', weight: 0.3 },
    ]);
  },
};
