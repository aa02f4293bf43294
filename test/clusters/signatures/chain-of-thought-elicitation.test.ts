import { chainOfThoughtElicitation } from '../../../services/clusters/signatures/chain-of-thought-elicitation.ts';
import { testSignature } from './support.ts';

testSignature(chainOfThoughtElicitation, {
  positive: { features: { chain_of_thought_share: 0.4 }, usual: 0.02 },
  nearMisses: {
    'an occasional one': { features: { chain_of_thought_share: 0.06 } },
    'a cohort in which everybody does it': { features: { chain_of_thought_share: 0.5 }, usual: 0.4 },
  },
  tooLittle: { features: { chain_of_thought_share: 1 }, prompts: 10 },
});
