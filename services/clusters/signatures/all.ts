import { chainOfThoughtElicitation } from './chain-of-thought-elicitation.ts';
import { hydraLoadBalancing } from './hydra-load-balancing.ts';
import { instructionGeneration } from './instruction-generation.ts';
import { nonstandardClientRepetition } from './nonstandard-client-repetition.ts';
import { rubricGrading } from './rubric-grading.ts';
import type { Signature } from './signature.ts';
import { templateEnumeration } from './template-enumeration.ts';

export const SIGNATURES: readonly Signature[] = [
  hydraLoadBalancing,
  chainOfThoughtElicitation,
  templateEnumeration,
  rubricGrading,
  instructionGeneration,
  nonstandardClientRepetition,
];

export const SIGNATURE_NAMES: readonly string[] = SIGNATURES.map(({ name }) => name);
