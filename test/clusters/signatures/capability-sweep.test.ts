import { capabilitySweep } from '../../../services/clusters/signatures/capability-sweep.ts';
import { testSignature } from './support.ts';

testSignature(capabilitySweep, {
  positive: {
    features: { mix_divergence: 0.5, mix_divergence_significance: 0.97, agentic_share: 0.8, top_category_share: 0.95 },
  },
  nearMisses: {
    'ordinary customers, who are what they are compared with': {
      features: { mix_divergence: 0.05, mix_divergence_significance: 0.2, agentic_share: 0.2, top_category_share: 0.5 },
    },
    'a small sample that chance made different': {
      features: { mix_divergence: 0.4, mix_divergence_significance: 0.65, agentic_share: 0.5, top_category_share: 0.9 },
    },
  },
  tooLittle: { features: { mix_divergence: 1, mix_divergence_significance: 1 }, calls: 30 },
});
