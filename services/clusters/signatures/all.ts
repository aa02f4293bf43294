import { capabilitySweep } from './capability-sweep.ts';
import { chainOfThoughtElicitation } from './chain-of-thought-elicitation.ts';
import { hydraLoadBalancing } from './hydra-load-balancing.ts';
import { instructionGeneration } from './instruction-generation.ts';
import { modelPivot } from './model-pivot.ts';
import { nonstandardClientRepetition } from './nonstandard-client-repetition.ts';
import { policyRewrites } from './policy-rewrites.ts';
import { proxyChurn } from './proxy-churn.ts';
import { repeatedSampling } from './repeated-sampling.ts';
import { roundTheClock } from './round-the-clock.ts';
import { rubricGrading } from './rubric-grading.ts';
import { shapeRepetition } from './shape-repetition.ts';
import type { Signature } from './signature.ts';
import { templateEnumeration } from './template-enumeration.ts';
import { trainingDataQueue } from './training-data-queue.ts';
import { unifiedClients } from './unified-clients.ts';

export const SIGNATURES: readonly Signature[] = [
  hydraLoadBalancing,
  roundTheClock,
  templateEnumeration,
  repeatedSampling,
  shapeRepetition,
  chainOfThoughtElicitation,
  rubricGrading,
  instructionGeneration,
  policyRewrites,
  trainingDataQueue,
  capabilitySweep,
  unifiedClients,
  nonstandardClientRepetition,
  proxyChurn,
  modelPivot,
];

export const SIGNATURE_NAMES: readonly string[] = SIGNATURES.map(({ name }) => name);
