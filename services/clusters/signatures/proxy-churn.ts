import { least, type Signature, weigh } from './signature.ts';

/** Addresses change faster than people move. */
export const proxyChurn: Signature = {
  name: 'proxy-churn',
  version: 1,
  facet: 'access',
  rationale:
    'A residential proxy hands out another line with every few calls: many networks and providers an account, and hardly an address seen twice. A phone has two or three, a cloud many in one provider.',
  thresholds: ['least_calls', 'networks_per_account', 'asns_per_account', 'network_turnover', 'calls_per_ip'],
  evaluate(view, thresholds) {
    if (view.calls < least(thresholds, 'least_calls')) return null;
    return weigh(view, thresholds, [
      { feature: 'networks_per_account', weight: 0.3 },
      { feature: 'asns_per_account', weight: 0.3 },
      { feature: 'network_turnover', weight: 0.2 },
      { feature: 'calls_per_ip', weight: 0.2 },
    ]);
  },
};
