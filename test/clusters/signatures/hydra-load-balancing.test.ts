import { hydraLoadBalancing } from '../../../services/clusters/signatures/hydra-load-balancing.ts';
import { testSignature } from './support.ts';

testSignature(hydraLoadBalancing, {
  positive: {
    features: {
      evenness_excess: 0.05,
      evenness_gini: 0.1,
      arrival_dispersion: 1,
      envelope_dispersion: 0.6,
      replacement_share: 0.2,
    },
  },
  nearMisses: {
    'seats of one company, who differ and rise with the day': {
      features: {
        evenness_excess: 1.8,
        evenness_gini: 0.5,
        arrival_dispersion: 3,
        envelope_dispersion: 2,
        replacement_share: 0,
      },
    },
    'quiet unrelated accounts, whose Gini is low because they hardly call': {
      features: {
        evenness_excess: 1.2,
        evenness_gini: 0.3,
        arrival_dispersion: 2.5,
        envelope_dispersion: 1,
        replacement_share: 0,
      },
    },
  },
  tooLittle: { features: { evenness_excess: 0, evenness_gini: 0 }, accounts: 4 },
});
