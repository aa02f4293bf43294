import type { Facet } from '../signatures/signature.ts';

/** How strongly each facet shows, 0..1. */
export type FacetScores = Readonly<Record<Facet, number>>;

export const NO_FACETS: FacetScores = {
  structure: 0,
  enumeration: 0,
  product: 0,
  capability: 0,
  access: 0,
  novelty: 0,
};

/** Signatures of one facet are several weak signs of one thing, so they add up without ever passing 1 (noisy or). */
export function facetScores(scores: readonly { facet: Facet; score: number }[]): FacetScores {
  const facets: Record<Facet, number> = { ...NO_FACETS };
  for (const { facet, score } of scores) facets[facet] = 1 - (1 - facets[facet]) * (1 - score);
  return facets;
}

/**
 * What confidence is linear in: the facets, and two agreements, each as strong as its weakest part. `harvest`: a pool works as one and asks for training data.
 * `sweep`: it works as one, works a queue off, and what it asks is far from what customers ask; all that is left where no marker knows the wording.
 */
export function evidence(facets: FacetScores): Readonly<Record<EvidenceTerm, number>> {
  const { structure, enumeration, product, capability } = facets;
  return {
    ...facets,
    harvest: Math.min(structure, product),
    sweep: Math.min(structure, enumeration, capability),
  };
}

export type EvidenceTerm = Facet | 'harvest' | 'sweep';

/** Log-odds: the intercept, and what each term adds when it shows fully. */
export type ConfidenceWeights = Readonly<Record<EvidenceTerm | 'intercept', number>>;

export const EVIDENCE_TERMS: readonly EvidenceTerm[] = [
  'structure',
  'enumeration',
  'product',
  'capability',
  'access',
  'novelty',
  'harvest',
  'sweep',
];

/** Probability that a subject is a campaign: a logistic whose weights test/evaluate/fit-confidence.ts fits on labelled traffic. */
export function confidenceOf(facets: FacetScores, weights: ConfidenceWeights): number {
  const terms = evidence(facets);
  let z = weights.intercept;
  for (const term of EVIDENCE_TERMS) z += weights[term] * terms[term];
  return 1 / (1 + Math.exp(-z));
}
