import type { AccountProfile } from './account-window.ts';
import type { Accumulator, Bin } from './accumulator.ts';
import type { LinkEvidence } from './assignment.ts';
import type { DistinctSketch } from './distinct-sketch.ts';
import type { WindowSize } from './window.ts';

export type SubjectType = 'account' | 'cluster';

/**
 * How much of what an account asks for is training data, the least first. Which of them harvest is a matter of how much of it ordinary customers ask for
 * (clusters/harvest-limits.ts), which whoever watches single accounts does not know.
 */
export const PRODUCT_LEVELS = ['product', 'product-20', 'product-30', 'product-40', 'product-60'] as const;
export type ProductLevel = (typeof PRODUCT_LEVELS)[number];

/** What an account of a cluster mostly does, as far as is known (premerge/activity.ts). */
export type Activity = ProductLevel | 'agentic' | 'other' | 'undecided';
export const ACTIVITIES: readonly Activity[] = [...PRODUCT_LEVELS, 'agentic', 'other', 'undecided'];

/** Activities that can make a sub-population of their cluster a subject of its own. */
export type SubActivity = ProductLevel | 'agentic';
export const SUB_ACTIVITIES: readonly SubActivity[] = [...PRODUCT_LEVELS, 'agentic'];

/** What the accounts of a sub-population do: at a level are those above it too. */
export function activitiesOf(sub: SubActivity): readonly Activity[] {
  return sub === 'agentic' ? [sub] : PRODUCT_LEVELS.slice(PRODUCT_LEVELS.indexOf(sub));
}

/** The sub-populations that an account is in by what it does. */
export function subActivitiesOf(activity: Activity): SubActivity[] {
  return SUB_ACTIVITIES.filter((sub) => activitiesOf(sub).includes(activity));
}

const SEPARATOR = '~';

/** Id of the sub-population of a cluster. No cluster id holds a `~`: they are ours. */
export function subjectOf(clusterId: string, activity: SubActivity): string {
  return `${clusterId}${SEPARATOR}${activity}`;
}

const SUFFIXES = SUB_ACTIVITIES.map((activity) => `${SEPARATOR}${activity}`);

/** The cluster behind a cluster's id or that of one of its sub-populations. Any other id, an account's with a `~` in it too, stays as it is. */
export function clusterOfSubject(subjectId: string): string {
  const suffix = SUFFIXES.find((end) => subjectId.endsWith(end));
  return suffix === undefined ? subjectId : subjectId.slice(0, -suffix.length);
}

/** How the calls of a cluster spread over its accounts. Commutative: merged by adding. */
export interface Members {
  /** Distinct accounts. */
  accounts: DistinctSketch;
  /** Number of accounts by their calls in the window, ascending by calls: evenness is computed from it. */
  calls_histogram: { calls: number; accounts: number }[];
  plans: { value: string; count: number }[];
  /** At most 20 accounts, those with the smallest hash: the same sample in any order. */
  sample: { account_id: string; hash: number; calls: number }[];
  /** Accounts suspended at the end of the window. */
  suspended: number;
  /** Accounts whose identity is not verified, or not known. */
  unverified: number;
  /** Account windows that began less than a day after their account was made. */
  newcomers: number;
  /** Sum over account windows and their arrival bins of calls squared: with the merged arrivals it tells whether accounts rise and fall together. */
  arrival_squares: number;
  /** Sum over account windows of their distinct templates: over the distinct templates of all, how many accounts share one. */
  template_uses: number;
}

/**
 * What one partition of accounts contributes to a subject (a cluster, or a single account loud enough to be looked at alone) in one window.
 * Topic `stillwatch.subject-partials`, partition by subject_id. A cluster comes in parts by activity; the whole is their sum.
 */
export interface SubjectPartial {
  subject_type: SubjectType;
  subject_id: string;
  window_size: WindowSize;
  window_end: number;
  accumulator: Accumulator;
  members: Members;
  /** Profile of a single account; null for a cluster. */
  profile: AccountProfile | null;
  /** Strongest first, at most 8. Empty for a single account. */
  evidence: LinkEvidence[];
  activity: Activity;
  /** Set when the cluster is no more: where its accounts are from `window_end` on. The record then says only that, and in `members` how many they are. */
  merged_into: string | null;
}

/** Distribution of each feature over the accounts of a cohort in one partition and window: one account, one vote. */
export interface BaselinePartial {
  window_size: WindowSize;
  window_end: number;
  /** Partition of accounts it comes from; sent to every scoring partition. */
  source: number;
  cohorts: { cohort: string; feature: string; buckets: { bucket: number; accounts: number }[] }[];
  mixes: CohortMix[];
  /** Models in use by anybody, and the thousandths of their calls that unlinked accounts give each, summed: the share of a linked one is 0. */
  models: { model: string; weight: number }[];
  /** Unlinked accounts behind the weights. */
  adopters: number;
}

/** What the accounts of a cohort ask for: each account's mix of labels as thousandths, summed. */
export interface CohortMix {
  cohort: string;
  accounts: number;
  /** Sum over accounts of the squares of their weights: how far single accounts are from the mean. */
  squares: number;
  /** Ascending. */
  weights: Bin[];
}

/** A scored window of a cluster (or a loud account). Topic `stillwatch.cluster-windows`. */
export interface ClusterWindow {
  subject_type: SubjectType;
  subject_id: string;
  window_size: WindowSize;
  window_end: number;
  accumulator: Accumulator;
  members: Members;
  /** Of each kind of attribute the one that joins most accounts, weighed by rarity. Empty for a single account. */
  evidence: LinkEvidence[];
  cohort: string;
  /** Score 0..1 of each signature that looked at the window. */
  signatures: { name: string; score: number }[];
  /** harvesting, coordinated_pool, none. */
  verdict: string;
  confidence: number;
  rules_hash: string;
  /** Features that more than the window tells: the population, or the hours before. */
  context: { name: string; value: number }[];
}
