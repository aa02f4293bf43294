import { instructionGeneration } from '../../../services/clusters/signatures/instruction-generation.ts';
import { testSignature } from './support.ts';

testSignature(instructionGeneration, {
  positive: { features: { instruction_generation_share: 0.4 }, usual: 0.02 },
  nearMisses: {
    'an occasional one': { features: { instruction_generation_share: 0.06 } },
    'a cohort in which everybody does it': { features: { instruction_generation_share: 0.5 }, usual: 0.4 },
  },
  tooLittle: { features: { instruction_generation_share: 1 }, prompts: 10 },
});
