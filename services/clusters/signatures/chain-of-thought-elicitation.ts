import { type Signature, unusualShare } from './signature.ts';

/** Prompts that ask for the reasoning itself. */
export const chainOfThoughtElicitation: Signature = {
  name: 'chain-of-thought-elicitation',
  version: 1,
  facet: 'product',
  rationale:
    'The product is the reasoning: a student model needs the steps, a customer needs the answer. Alone it is weak: evaluations and classrooms ask for it too.',
  thresholds: ['least_prompts', 'chain_of_thought_share'],
  evaluate: (view, thresholds) => unusualShare(view, thresholds, 'chain_of_thought_share'),
};
