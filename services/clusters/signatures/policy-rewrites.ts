import { type Signature, unusualShare } from './signature.ts';

/** Prompts that ask for another wording that keeps to a policy. */
export const policyRewrites: Signature = {
  name: 'policy-rewrites',
  version: 1,
  facet: 'product',
  rationale:
    'Pairs of a sensitive query and its acceptable rewriting teach a student model what to refuse and how: a reported campaign had queries rewritten in bulk. Alone it is weak: editors and translators rewrite all day.',
  thresholds: ['least_prompts', 'policy_rewrite_share'],
  evaluate: (view, thresholds) => unusualShare(view, thresholds, 'policy_rewrite_share'),
};
