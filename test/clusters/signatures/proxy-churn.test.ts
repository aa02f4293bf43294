import { proxyChurn } from '../../../services/clusters/signatures/proxy-churn.ts';
import { testSignature } from './support.ts';

testSignature(proxyChurn, {
  positive: {
    features: { networks_per_account: 6, asns_per_account: 5, network_turnover: 0.9, calls_per_ip: 1.1 },
  },
  nearMisses: {
    'a phone and two access lines': {
      features: { networks_per_account: 2, asns_per_account: 1.6, network_turnover: 0.3, calls_per_ip: 4 },
    },
    'build machines all over one cloud': {
      features: { networks_per_account: 3, asns_per_account: 1, network_turnover: 0.5, calls_per_ip: 5 },
    },
  },
  tooLittle: { features: { networks_per_account: 9, asns_per_account: 9 }, calls: 20 },
});
