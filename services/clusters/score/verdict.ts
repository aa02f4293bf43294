import type { AlertSignature, Severity, Verdict } from '../../records/alert.ts';
import { SIGNATURES } from '../signatures/all.ts';
import { FACETS, type Facet, type SubjectView, type Thresholds } from '../signatures/signature.ts';
import { type ConfidenceWeights, confidenceOf, type FacetScores, facetScores } from './confidence.ts';

export interface Judgement {
  verdict: Verdict | null;
  severity: Severity | null;
  /** 0..1. */
  confidence: number;
  /** Signatures in force that had enough to look at. */
  signatures: AlertSignature[];
  /** Scored but not in force: stored, never alerting. */
  shadow: AlertSignature[];
}

/** What of the rules a verdict reads. */
export interface VerdictRules {
  signatures: Readonly<Record<string, { mode: 'on' | 'shadow' | 'off'; thresholds: Thresholds } | undefined>>;
  confidence: ConfidenceWeights;
  alerts: { page_from: number; ticket_from: number; single_account_calls: number };
}

/** From here on a facet is there at all: what must not be left to fitted weights is asked of facets that are. */
const PRESENT = 0.25;
/** Facets of which a page needs that many: an honest customer may well show two, whichever two they are. */
const LEAST_FACETS = 3;
/** From here on a pool is one: the pool verdict accuses nobody. */
const POOLED = 0.5;
/** A single account has no structure to show: what is left must be beyond doubt. */
const BEYOND_DOUBT = 0.8;

/**
 * Linkage is not guilt: accounts that only work as one are `coordinated_pool`, which never pages. Harvesting is said of a subject whose requests are training
 * data, or a sweep of capabilities. How sure that is, the fitted confidence says; whom it may page, the guards here, which no weight can outvote:
 * structure alone never does, and content alone never does.
 */
export function judge(view: SubjectView, rules: VerdictRules, callsThisHour: number): Judgement {
  const signatures: AlertSignature[] = [];
  const shadow: AlertSignature[] = [];
  const scores: { facet: Facet; score: number }[] = [];
  for (const { name, version, facet, evaluate } of SIGNATURES) {
    const rule = rules.signatures[name];
    if (rule === undefined || rule.mode === 'off') continue;
    const result = evaluate(view, rule.thresholds);
    if (result === null) continue;
    (rule.mode === 'on' ? signatures : shadow).push({ name, version, ...result });
    if (rule.mode === 'on') scores.push({ facet, score: result.score });
  }
  const facets = facetScores(scores);
  const confidence = confidenceOf(facets, rules.confidence);
  const none = { verdict: null, severity: null, confidence, signatures, shadow };
  const { page_from, ticket_from } = rules.alerts;
  if (asksForTrainingData(facets)) {
    const mayPage =
      view.subjectType === 'cluster' ? worksAsOne(facets) : isPlainCase(view, facets, callsThisHour, rules);
    if (mayPage && (confidence >= page_from || view.subjectType === 'account'))
      return { ...none, verdict: 'harvesting', severity: 'page' };
    if (view.subjectType === 'cluster' && confidence >= ticket_from)
      return { ...none, verdict: 'harvesting', severity: 'ticket' };
  }
  if (view.subjectType === 'cluster' && facets.structure >= POOLED)
    return { ...none, verdict: 'coordinated_pool', severity: 'info' };
  return none;
}

function asksForTrainingData({ product, capability }: FacetScores): boolean {
  return product >= PRESENT || capability >= PRESENT;
}

function worksAsOne(facets: FacetScores): boolean {
  return facets.structure >= PRESENT && FACETS.filter((facet) => facets[facet] >= PRESENT).length >= LEAST_FACETS;
}

/** One customer who labels data in bulk is a customer. A single account is accused only when it is very loud, hour after hour, through a non-standard client. */
function isPlainCase(view: SubjectView, facets: FacetScores, callsThisHour: number, rules: VerdictRules): boolean {
  return (
    callsThisHour >= rules.alerts.single_account_calls &&
    (view.features.get('hours_active_share') ?? 0) >= BEYOND_DOUBT &&
    Math.min(facets.enumeration, facets.product, facets.access) >= BEYOND_DOUBT
  );
}
