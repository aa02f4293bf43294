/**
 * What a prompt asks the model to produce that a training set is made of, and its bit in a fingerprint's `markers`: never reused. A marker is weak evidence for one
 * prompt (people do ask for step-by-step answers) and becomes evidence by its share over an account or a cluster.
 */
export const MARKER_BITS = {
  /** The reasoning written down, not only the answer: the trace is what a student model is trained on. */
  chain_of_thought: 1,
  /** A judgement of another text against criteria, or which of two is better: the model is used as a reward model. */
  rubric_grading: 2,
  /** The same content in other words that pass, or an answer to a sensitive matter in words that pass: training data for alignment with a policy. */
  policy_rewrite: 4,
  /** New tasks for a model: instructions, questions, prompts, personas, or a harder version of a given one. The products are a training set's inputs. */
  instruction_generation: 8,
} as const;

/** Names of the markers set in a fingerprint. */
export function markerNames(bits: number): string[] {
  return Object.entries(MARKER_BITS).flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name]));
}
