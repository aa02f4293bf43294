import { policyRewrites } from '../../../services/clusters/signatures/policy-rewrites.ts';
import { testSignature } from './support.ts';

testSignature(policyRewrites, {
  positive: { features: { policy_rewrite_share: 0.4 }, usual: 0.02 },
  nearMisses: {
    'an occasional one': { features: { policy_rewrite_share: 0.06 } },
    'a cohort in which everybody does it': { features: { policy_rewrite_share: 0.5 }, usual: 0.4 },
  },
  tooLittle: { features: { policy_rewrite_share: 1 }, prompts: 10 },
});
