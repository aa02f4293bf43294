import type { AlertFeature, AlertSignature } from '../../records/alert.ts';
import { CONTEXT_FEATURES } from '../../records/features/context.ts';
import { FEATURES, type Feature } from '../../records/features.ts';
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
  /** Share of its accounts that pay by the same means, 0..1. */
  samePayer: number;
  /** An account of a verified customer that names its organization; false for a cluster. */
  isDeclared: boolean;
  place(feature: string, value: number): Placed;
  /** Mean over all unlinked accounts, each one vote; null when too few are known. */
  mean(feature: string): number | null;
}

/**
 * What a signature says of. Facets are independent of each other: an honest customer may well show one or two of them, and a page needs several.
 * - structure: how the accounts work together
 * - enumeration: that a queue is worked off
 * - product: that what is asked for is training data
 * - capability: that the traffic is far from what customers do, and narrow
 * - access: how the API is reached
 * - novelty: that it turns to a new model faster than customers do
 */
export type Facet = 'structure' | 'enumeration' | 'product' | 'capability' | 'access' | 'novelty';

export const FACETS: readonly Facet[] = ['structure', 'enumeration', 'product', 'capability', 'access', 'novelty'];

/** A number is a least amount; a pair is where a feature begins to count and where it counts fully. */
export type Threshold = number | readonly [from: number, to: number];
export type Thresholds = Readonly<Record<string, Threshold>>;

/** What an alert says of a feature but for its baseline, which is asked for when there is an alert. */
export type JudgedFeature = Omit<AlertFeature, 'baseline_quantiles'>;

export interface JudgedSignature extends Omit<AlertSignature, 'features'> {
  features: JudgedFeature[];
}

export interface SignatureResult {
  /** 0..1. */
  score: number;
  /** Contributions add up to the score. */
  features: JudgedFeature[];
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

/** One feature's part in a signature. The weights of a signature add up to at most 1. */
export interface Term {
  feature: string;
  weight: number;
}

/** 0 at `from`, 1 at `to`, straight between them; falling when from > to. */
export function ramp(value: number, [from, to]: readonly [number, number]): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** Sum of weighted terms, each as far up its ramp as the feature is. A feature that is not there contributes nothing. */
export function weigh(view: SubjectView, thresholds: Thresholds, terms: readonly Term[]): SignatureResult {
  const features: JudgedFeature[] = [];
  let score = 0;
  for (const { feature, weight } of terms) {
    const value = view.features.get(feature);
    const threshold = thresholds[feature];
    if (value === undefined || threshold === undefined || typeof threshold === 'number') continue;
    const contribution = weight * ramp(value, threshold);
    score += contribution;
    features.push({
      name: feature,
      value,
      unit: UNITS.get(feature) ?? 'ratio',
      baseline_percentile: view.place(feature, value).percentile,
      threshold: threshold[0],
      threshold_full: threshold[1],
      contribution,
    });
  }
  return { score: Math.min(1, score), features };
}

/** How far one feature is up its ramp: 0 when it is not there. */
export function rampOf(view: SubjectView, thresholds: Thresholds, feature: string): number {
  const value = view.features.get(feature);
  const threshold = thresholds[feature];
  return value === undefined || threshold === undefined || typeof threshold === 'number' ? 0 : ramp(value, threshold);
}

/** The same with less say, contributions and all: how one sign waits for another without a cliff between them. */
export function scaled({ score, features }: SignatureResult, factor: number): SignatureResult {
  return {
    score: score * factor,
    features: features.map((entry) => ({ ...entry, contribution: entry.contribution * factor })),
  };
}

/** Nothing up to one and a half times what three quarters of the cohort's accounts stay below, all of it from three times on. */
const UNUSUAL: readonly [number, number] = [1.5, 3];

/** A share that the prompts of a subject must show, and show more than is usual in its cohort by a wide margin. */
export function unusualShare(view: SubjectView, thresholds: Thresholds, feature: string): SignatureResult | null {
  if (view.prompts < least(thresholds, 'least_prompts')) return null;
  const value = view.features.get(feature) ?? 0;
  const usual = view.place(feature, value).usual ?? 0;
  const result = weigh(view, thresholds, [{ feature, weight: 1 }]);
  return scaled(result, unusual(value, Math.max(usual, view.mean(feature) ?? 0)));
}

/** How far above what is usual a share is, 0..1. Of a pool the usual share is the mean of the accounts behind it, though most of them have none of it. */
export function unusual(value: number, usual: number): number {
  return usual > 0 ? ramp(value / usual, UNUSUAL) : 1;
}

export function least(thresholds: Thresholds, name: string): number {
  const value = thresholds[name];
  return typeof value === 'number' ? value : 0;
}

const UNITS: ReadonlyMap<string, Feature['unit']> = new Map(
  [...FEATURES, ...CONTEXT_FEATURES].map(({ name, unit }) => [name, unit]),
);
