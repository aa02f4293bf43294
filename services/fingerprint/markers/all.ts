import { chainOfThought } from './chain-of-thought.ts';
import { instructionGeneration } from './instruction-generation.ts';
import type { Marker } from './marker.ts';
import { policyRewrite } from './policy-rewrite.ts';
import { rubricGrading } from './rubric-grading.ts';

export const MARKERS: readonly Marker[] = [chainOfThought, rubricGrading, policyRewrite, instructionGeneration];

/** Names of the markers set in a fingerprint. */
export function markerNames(bits: number): string[] {
  return MARKERS.filter(({ bit }) => (bits & bit) !== 0).map(({ name }) => name);
}
