import { least, type Signature, weigh } from './signature.ts';

/** A dispatcher gives every account the same, and smoother than people would. */
export const hydraLoadBalancing: Signature = {
  name: 'hydra-load-balancing',
  version: 2,
  facet: 'structure',
  rationale:
    'Keeping each account under its limit spreads the work evenly: calls vary over the accounts no more than chance makes them (independent customers differ by factors), the superposed arrivals are no burstier than chance, the accounts together are no burstier than each alone, and a suspended one is replaced.',
  thresholds: [
    'least_accounts',
    'evenness_excess',
    'evenness_gini',
    'arrival_dispersion',
    'envelope_dispersion',
    'replacement_share',
  ],
  evaluate(view, thresholds) {
    if (view.subjectType !== 'cluster' || view.accounts < least(thresholds, 'least_accounts')) return null;
    return weigh(view, thresholds, [
      { feature: 'evenness_excess', weight: 0.5 },
      { feature: 'evenness_gini', weight: 0.1 },
      { feature: 'arrival_dispersion', weight: 0.2 },
      { feature: 'envelope_dispersion', weight: 0.1 },
      { feature: 'replacement_share', weight: 0.1 },
    ]);
  },
};
