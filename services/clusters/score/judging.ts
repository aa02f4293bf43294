import type { AccountProfile } from '../../records/account-window.ts';
import type { LinkEvidence } from '../../records/assignment.ts';
import { TIMING_FEATURES } from '../../records/features/timing.ts';
import { computeFeatures } from '../../records/features.ts';
import type { SubjectType } from '../../records/subject-window.ts';
import { totalCount } from '../../records/value-counts.ts';
import { type AllowSubject, coveringEntry } from '../../rules/allow.ts';
import { nameOfSubject } from '../../rules/hidden-by.ts';
import { resolveRules } from '../../rules/resolve.ts';
import type { Rules } from '../../rules/schema.ts';
import type { Adoption } from '../baseline/adoption.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { cohortName, cohortOf } from '../baseline/cohort.ts';
import { BASELINE_FEATURES } from '../baseline/votes.ts';
import { accountCount, callsPerWindow, commonPlan } from '../members.ts';
import { samePayer } from '../premerge/evidence.ts';
import type { SubjectView } from '../signatures/signature.ts';
import { contextFeatures } from './context-features.ts';
import type { Sum } from './history.ts';
import type { Deserved } from './lifecycle.ts';
import { isEnough, type Judgement, judge } from './verdict.ts';

/** What is judged. */
export interface Case {
  subjectType: SubjectType;
  subjectId: string;
  profile: AccountProfile | null;
  sum: Sum;
  /** The last window alone: how regular arrivals are is said by it, and how loud the subject is just now. */
  latest: Pick<Sum, 'accumulator' | 'members'>;
  /** What links its accounts; empty for a single account. */
  evidence: readonly LinkEvidence[];
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
  /** Told of the kind of an exception that held a verdict back. */
  allowed(kind: string): void;
}

/**
 * How accounts work together is a matter of the whole pool: one dispatcher serves the accounts that harvest and the others, and a few accounts by themselves look
 * uneven by chance. A sub-population is asked what it does; how it is operated is told by its cluster.
 */
export const OF_POOL: readonly string[] = [
  'evenness_gini',
  'evenness_excess',
  'arrival_dispersion',
  'active_share',
  'envelope_correlation',
  'envelope_dispersion',
  'replacement_share',
];

const VOTED: ReadonlySet<string> = new Set(BASELINE_FEATURES);

/** Null: too little has been seen to say anything, or the subject is excused. */
const NOTHING_DESERVED: Deserved = { verdict: null, severity: null };

export function judgeCase(
  { subjectType, subjectId, profile, sum, latest, evidence, hoursActive, pool, from, end }: Case,
  { rules, baseline, adoption, allowed }: JudgingDeps,
): Judged {
  const { accumulator, members } = sum;
  const plan = profile?.plan ?? commonPlan(members);
  // A cluster is compared with accounts of the size of its own.
  const cohort = cohortOf(plan, accumulator, callsPerWindow(accumulator.calls, members));
  const features = computeFeatures({ accumulator, size: 'hour', members, evidence });
  for (const { name, compute } of TIMING_FEATURES) {
    const value = compute({ accumulator: latest.accumulator, members: latest.members, size: 'hour' });
    if (value === null) features.delete(name);
    else features.set(name, value);
  }
  const accounts = accountCount(pool?.sum.members ?? members);
  const context = contextFeatures({ sum, hoursActive, cohort, time: end }, { baseline, adoption });
  for (const [name, value] of context) features.set(name, value);
  for (const name of OF_POOL) {
    const value = pool?.features.get(name);
    if (value !== undefined) features.set(name, value);
  }
  const notes = new Map<string, string[]>();
  const view: SubjectView = {
    subjectType,
    features,
    prompts: accumulator.fingerprinted,
    calls: accumulator.calls,
    accounts,
    samePayer: samePayer(evidence, accounts),
    isDeclared: profile?.verified === true && profile.organization_id !== null,
    place(feature, value) {
      const placed = baseline.place('hour', cohort, feature, value);
      // Of a feature that nobody votes on nothing is ever known, which is no reason for doubt.
      if (placed.note !== '' && VOTED.has(feature))
        notes.set(placed.note, [...(notes.get(placed.note) ?? []), feature]);
      return placed;
    },
    // Of everybody: a campaign that is not linked yet may be most of its own cohort.
    mean: (feature) => baseline.mean('hour', [], feature),
  };
  const resolved = resolveRules(rules, (feature, percentile) => baseline.quantile('hour', cohort, feature, percentile));
  const judgement = judge(view, resolved, latest.accumulator.calls);
  const enough = isEnough(view, rules);
  const exception = coveringEntry(rules, allowSubject({ subjectType, subjectId, profile, evidence, sum }), end);
  if (enough && exception !== null && judgement.verdict !== null) allowed(exception.kind);
  return {
    judgement: enough && exception === null ? judgement : { ...judgement, ...NOTHING_DESERVED },
    features,
    sum,
    from,
    cohort: cohortName(cohort),
    context,
    note: [...notes].map(([note, of]) => `${note} (${[...new Set(of)].sort().join(', ')})`).join('; '),
  };
}

/** What is asked of a subject when exceptions are looked up. */
function allowSubject({
  subjectType,
  subjectId,
  profile,
  evidence,
  sum: { accumulator, members },
}: Pick<Case, 'subjectType' | 'subjectId' | 'profile' | 'evidence' | 'sum'>): AllowSubject {
  const { asns, calls } = accumulator;
  return {
    type: subjectType,
    id: nameOfSubject({ subject_type: subjectType, subject_id: subjectId }),
    organization: profile?.organization_id ?? null,
    accountCount: accountCount(members),
    accounts: members.sample.map(({ account_id }) => account_id),
    evidence,
    asns: totalCount(asns) === calls ? asns.values.map(({ value }) => value) : [],
  };
}
