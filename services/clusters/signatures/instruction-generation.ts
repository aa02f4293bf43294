import { type Signature, unusualShare } from './signature.ts';

/** Prompts that ask for new tasks for a model. */
export const instructionGeneration: Signature = {
  name: 'instruction-generation',
  version: 1,
  facet: 'product',
  rationale: 'Training data begins with questions: generating them in bulk is the first half of a synthetic data set.',
  thresholds: ['least_prompts', 'instruction_generation_share'],
  evaluate: (view, thresholds) => unusualShare(view, thresholds, 'instruction_generation_share'),
};
