import type { Rules } from '../../rules/schema.ts';
import { harvestLevel, levelFrom } from '../harvest-limits.ts';
import { SURE, side } from '../share-limits.ts';
import { SIGNATURES } from '../signatures/all.ts';
import {
  FACETS,
  type Facet,
  type JudgedSignature,
  type SubjectView,
  type Thresholds,
} from '../signatures/signature.ts';
import { type ConfidenceWeights, confidenceOf, type FacetScores, facetScores } from './confidence.ts';
import type { Deserved } from './lifecycle.ts';

export interface Judgement extends Deserved {
  /** 0..1. */
  confidence: number;
  /** Signatures in force that had enough to look at. */
  signatures: JudgedSignature[];
  /** Scored but not in force: stored, never alerting. */
  shadow: JudgedSignature[];
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
/** From here on its work is series, not the templates of many applications. */
const SERIAL = 0.5;
/**
 * Share of marked prompts below which a cluster as a whole does not ask for training data, whoever in it does: a tenth of what people write is marked with good
 * reason, an essay to be scored, a sum to be explained. Those of its accounts that do ask are a sub-population, judged by itself.
 */
const ASKED_BY_ALL = 0.2;
/**
 * Share of the calls that ask for training data in a series (many calls of one template, each with a filling of its own) from which a queue is worked off. Pools
 * whose customers happen to ask such things have 0 to 0.06, campaigns half of whose calls are camouflage 0.12 and more. Where customers ask for more, half of
 * what makes a harvest: some of their templates are series, too.
 */
const SERIES = 0.08;
/** The same of calls that draw several answers for each prompt. */
const SAMPLED = 0.2;
/** Share of marked prompts from which no series is asked for: whoever rewords each prompt leaves none, and so much is asked by no pool of customers. */
const ASKED_BY_MOST = 0.45;
/** Share of a cluster's accounts that pay by one means, from which it is one customer who hides nothing: what a bureau translates all day is its business. */
const ONE_CUSTOMER = 0.8;
/** Share of calls with tools from which work that no marker knows may be a harvest: agents' work is worth training on. Articles for a web shop are not, whoever orders them. */
const AGENTIC = 0.25;
/** Hours of the last day in which the plain case must have called: a benchmark and a nightly batch are long over. */
const SUSTAINED_HOURS = 18;

/**
 * Linkage is not guilt: accounts that only work as one are `coordinated_pool`, which never pages. Harvesting is said of a subject whose requests are training
 * data, or a sweep of capabilities. How sure that is, the fitted confidence says; whom it may page, the guards here, which no weight can outvote:
 * structure alone never does, and content alone never does.
 */
export function judge(view: SubjectView, rules: VerdictRules, callsThisHour: number): Judgement {
  const signatures: JudgedSignature[] = [];
  const shadow: JudgedSignature[] = [];
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
  const isPlain = isPlainCase(view, callsThisHour, rules);
  const fitted = confidenceOf(facets, rules.confidence);
  const confidence = isPlain ? Math.max(fitted, plainCaseConfidence(facets)) : fitted;
  const none = { verdict: null, severity: null, confidence, signatures, shadow };
  const { page_from, ticket_from } = rules.alerts;
  const harvestsFrom = levelFrom(harvestLevel(view.mean('product_share')));
  const isPool = view.subjectType === 'cluster' && worksAsOne(facets);
  if (asksForTrainingData(view, facets, harvestsFrom) && (isPlain || isPool)) {
    // A customer who says who he is and labels in bulk: somebody asks him in the morning.
    if (confidence >= page_from && !view.isDeclared && (isPlain || isWorkedOff(view, facets, harvestsFrom)))
      return { ...none, verdict: 'harvesting', severity: 'page' };
    if (confidence >= ticket_from) return { ...none, verdict: 'harvesting', severity: 'ticket' };
  }
  if (view.subjectType === 'cluster' && facets.structure >= POOLED) {
    const isLookedAt = confidence >= ticket_from && isSeriesOfNobody(view, facets);
    return { ...none, verdict: 'coordinated_pool', severity: isLookedAt ? 'ticket' : 'info' };
  }
  return none;
}

/** Whether enough has been seen of a subject to say anything of it. */
export function isEnough(
  view: Pick<SubjectView, 'subjectType' | 'calls' | 'accounts'>,
  { alerts }: Pick<Rules, 'alerts'>,
): boolean {
  return (
    view.calls >= alerts.least_calls &&
    (view.subjectType === 'account' || view.accounts >= alerts.least_cluster_accounts)
  );
}

/** `harvestsFrom`, here and below: share of marked prompts from which whoever sends them harvests, by what customers ask for. */
function asksForTrainingData(view: SubjectView, facets: FacetScores, harvestsFrom: number): boolean {
  if (facets.product < PRESENT) return isSweep(view, facets);
  if (facets.capability >= PRESENT) return true;
  const asked = view.features.get('product_share') ?? 0;
  const share = { part: asked * view.prompts, whole: view.prompts };
  // A small pool shows by chance what none of its customers means.
  return asked >= ASKED_BY_ALL && side(share, harvestsFrom, { above: SURE, below: SURE }) === 'above';
}

/** Work without a marker: agents', far from what customers do, of accounts that do not say that they are one. */
function isSweep({ features, samePayer }: SubjectView, { capability }: FacetScores): boolean {
  return capability >= PRESENT && (features.get('agentic_share') ?? 0) >= AGENTIC && samePayer < ONE_CUSTOMER;
}

/** Whether what speaks for a harvest is one job, and not what the customers of a pool ask for one by one. */
function isWorkedOff(view: SubjectView, facets: FacetScores, harvestsFrom: number): boolean {
  const share = (name: string): number => view.features.get(name) ?? 0;
  return (
    share('product_enumeration_share') >= Math.max(SERIES, harvestsFrom / 2) ||
    (share('product_share') > 0 && share('repeated_sampling_share') >= SAMPLED) ||
    share('product_share') >= Math.max(ASKED_BY_MOST, harvestsFrom) ||
    (facets.enumeration >= PRESENT && isSweep(view, facets))
  );
}

/**
 * Whether a pool that is not one customer's works off series of a template each: where all else speaks for a harvest, somebody should look, whatever the words.
 * Markers know three in four of the wordings that they have never seen, so a harvest in a single one may be without any.
 */
function isSeriesOfNobody(view: SubjectView, facets: FacetScores): boolean {
  return worksAsOne(facets) && facets.enumeration >= SERIAL && view.samePayer < ONE_CUSTOMER;
}

function worksAsOne(facets: FacetScores): boolean {
  return facets.structure >= PRESENT && FACETS.filter((facet) => facets[facet] >= PRESENT).length >= LEAST_FACETS;
}

/** One loud account, or a few that are too few to show structure: very loud, hour after hour. */
function isPlainCase({ features }: SubjectView, callsThisHour: number, { alerts }: VerdictRules): boolean {
  return callsThisHour >= alerts.single_account_calls && (features.get('hours_active') ?? 0) >= SUSTAINED_HOURS;
}

/** There is no structure to fit on: it is as sure as its weakest facet, and a non-standard client is one of them. */
function plainCaseConfidence({ enumeration, product, access }: FacetScores): number {
  return Math.min(enumeration, product, access);
}
