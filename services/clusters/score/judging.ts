import type { AccountProfile } from '../../records/account-window.ts';
import type { Accumulator } from '../../records/accumulator.ts';
import { computeFeatures } from '../../records/features.ts';
import { clusterOfSubject, type SubjectType } from '../../records/subject-window.ts';
import type { Adoption } from '../baseline/adoption.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { cohortName, cohortOf } from '../baseline/cohort.ts';
import { accountCount, callsPerWindow, commonPlan } from '../members.ts';
import type { Rules } from '../rules.ts';
import type { SubjectView } from '../signatures/signature.ts';
import { contextFeatures } from './context-features.ts';
import type { Sum } from './history.ts';
import type { Deserved } from './lifecycle.ts';
import { type Judgement, judge } from './verdict.ts';

/** What is judged. */
export interface Case {
  subjectType: SubjectType;
  subjectId: string;
  profile: AccountProfile | null;
  sum: Sum;
  /** The last window alone: how regular arrivals are is said by it, and how loud the subject is just now. */
  latest: Accumulator;
  /** Hours of the last day with a call. */
  hoursActive: number;
  /** The cluster of which the subject is a sub-population, as it was judged; null for a whole. */
  pool: Judged | null;
  /** End of the first window summed. */
  from: number;
  end: number;
}

export interface Judged {
  judgement: Judgement;
  features: ReadonlyMap<string, number>;
  sum: Sum;
  from: number;
  cohort: string;
  context: ReadonlyMap<string, number>;
  /** What the baseline has to say about itself; empty: nothing. */
  note: string;
}

export interface JudgingDeps {
  /** Those in force at the end of what is judged. */
  rules: Rules;
  baseline: Baseline;
  adoption: Adoption;
  /** Verdicts that an exception of the rules held back. */
  allowed(verdict: string): void;
}

/** Features that the last window alone tells. */
const OF_LATEST = ['arrival_dispersion', 'active_share'];

/**
 * How accounts work together is a matter of the whole pool: one dispatcher serves the accounts that harvest and the others, and a few accounts by themselves look
 * uneven by chance. A sub-population is asked what it does; how it is operated is told by its cluster.
 */
const OF_POOL = [
  'evenness_gini',
  'evenness_excess',
  'arrival_dispersion',
  'active_share',
  'envelope_correlation',
  'envelope_dispersion',
  'replacement_share',
];

/** Null: too little has been seen to say anything, or the subject is excused. */
const NOTHING_DESERVED: Deserved = { verdict: null, severity: null };

export function judgeCase(
  { subjectType, subjectId, profile, sum, latest, hoursActive, pool, from, end }: Case,
  { rules, baseline, adoption, allowed }: JudgingDeps,
): Judged {
  const { accumulator, members } = sum;
  const plan = profile?.plan ?? commonPlan(members);
  // A cluster is compared with accounts of the size of its own.
  const cohort = cohortOf(plan, accumulator, callsPerWindow(accumulator.calls, members));
  const features = computeFeatures({ accumulator, size: 'hour', members });
  const ofLatest = computeFeatures({ accumulator: latest, size: 'hour', members: null });
  for (const name of OF_LATEST) {
    const value = ofLatest.get(name);
    if (value !== undefined) features.set(name, value);
  }
  const context = contextFeatures({ sum, hoursActive, cohort, time: end }, { baseline, adoption });
  for (const [name, value] of context) features.set(name, value);
  for (const name of OF_POOL) {
    const value = pool?.features.get(name);
    if (value !== undefined) features.set(name, value);
  }
  let note = '';
  const view: SubjectView = {
    subjectType,
    features,
    prompts: accumulator.fingerprinted,
    calls: accumulator.calls,
    accounts: accountCount(pool?.sum.members ?? members),
    place(feature, value) {
      const placed = baseline.place('hour', cohort, feature, value);
      if (placed.note !== '') note = placed.note;
      return placed;
    },
  };
  const judgement = judge(view, rules, latest.calls);
  const enough =
    accumulator.calls >= rules.alerts.least_calls &&
    (subjectType === 'account' || accountCount(members) >= rules.alerts.least_cluster_accounts);
  const excused = isExcused(rules, subjectType, subjectId, profile, end);
  if (enough && excused && judgement.verdict !== null) allowed(judgement.verdict);
  return {
    judgement: enough && !excused ? judgement : { ...judgement, ...NOTHING_DESERVED },
    features,
    sum,
    from,
    cohort: cohortName(cohort),
    context,
    note,
  };
}

function isExcused(
  { allow }: Rules,
  subjectType: SubjectType,
  subjectId: string,
  profile: AccountProfile | null,
  time: number,
): boolean {
  const id = subjectType === 'cluster' ? clusterOfSubject(subjectId) : subjectId;
  return allow.some(
    ({ kind, value, expires }) =>
      time < Date.parse(expires) &&
      ((kind === subjectType && value === id) || (kind === 'organization' && value === profile?.organization_id)),
  );
}
