import { type Signature, unusualShare } from './signature.ts';

/** Prompts that ask for a judgement against criteria. */
export const rubricGrading: Signature = {
  name: 'rubric-grading',
  version: 1,
  facet: 'product',
  rationale: 'The model is used as a reward model: long input, a short constrained verdict, one rubric over and over.',
  thresholds: ['least_prompts', 'rubric_grading_share'],
  evaluate: (view, thresholds) => unusualShare(view, thresholds, 'rubric_grading_share'),
};
