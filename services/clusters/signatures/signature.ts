import type { AlertFeature } from '../../records/alert.ts';
import { featureNamed } from '../../records/features.ts';
import type { SubjectType } from '../../records/subject-window.ts';
import type { Placed } from '../baseline/baseline.ts';

/** What a signature looks at: a subject's features over the rolling window, and how usual each value is. */
export interface SubjectView {
  subjectType: SubjectType;
  features: ReadonlyMap<string, number>;
  /** Calls with a fingerprint. */
  prompts: number;
  calls: number;
  accounts: number;
  place(feature: string, value: number): Placed;
}

/** What a signature says of: how the accounts work together, what is asked for, or how the API is reached. A page needs more than one. */
export type Facet = 'structure' | 'enumeration' | 'product' | 'access';

export type Threshold = number | readonly [from: number, to: number];
export type Thresholds = Readonly<Record<string, Threshold>>;

export interface SignatureResult {
  /** 0..1. */
  score: number;
  /** Contributions add up to the score. */
  features: AlertFeature[];
}

export interface Signature {
  name: string;
  version: number;
  facet: Facet;
  rationale: string;
  /** Every threshold that `evaluate` reads: `least_...` is a number, any other name a feature and a range. What is not declared here cannot be written. */
  thresholds: readonly string[];
  /** null: too little has been seen to say anything. */
  evaluate(view: SubjectView, thresholds: Thresholds): SignatureResult | null;
}

/** One feature's part in a signature. */
export interface Term {
  feature: string;
  weight: number;
}

/** Sum of weighted terms, each rising from 0 at `from` to its weight at `to` (falling when from > to). A feature that is not there contributes nothing. */
export function weigh(view: SubjectView, thresholds: Thresholds, terms: readonly Term[]): SignatureResult {
  const features: AlertFeature[] = [];
  let score = 0;
  for (const { feature, weight } of terms) {
    const value = view.features.get(feature);
    const threshold = thresholds[feature];
    if (value === undefined || threshold === undefined || typeof threshold === 'number') continue;
    const [from, to] = threshold;
    const contribution = weight * Math.min(1, Math.max(0, (value - from) / (to - from)));
    score += contribution;
    features.push({
      name: feature,
      value,
      unit: featureNamed(feature).unit,
      baseline_percentile: view.place(feature, value).percentile,
      threshold: from,
      contribution,
    });
  }
  return { score, features };
}

/** A share that the prompts of a subject must show, and show more than is usual in its cohort by a wide margin. */
export function unusualShare(view: SubjectView, thresholds: Thresholds, feature: string): SignatureResult | null {
  if (view.prompts < least(thresholds, 'least_prompts')) return null;
  const value = view.features.get(feature) ?? 0;
  const usual = view.place(feature, value).usual ?? 0;
  const result = weigh(view, thresholds, [{ feature, weight: 1 }]);
  if (value > 2 * usual) return result;
  return { score: 0, features: result.features.map((entry) => ({ ...entry, contribution: 0 })) };
}

export function least(thresholds: Thresholds, name: string): number {
  const value = thresholds[name];
  return typeof value === 'number' ? value : 0;
}
