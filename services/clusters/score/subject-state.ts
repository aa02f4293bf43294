import type { AccountProfile } from '../../records/account-window.ts';
import { type Accumulator, createAccumulator, mergeAccumulators } from '../../records/accumulator.ts';
import type { Alert } from '../../records/alert.ts';
import type { LinkEvidence } from '../../records/assignment.ts';
import type { Members, SubjectPartial, SubjectType } from '../../records/subject-window.ts';
import { totalCount } from '../../records/value-counts.ts';
import { HOUR } from '../../records/window.ts';
import type { AllowSubject } from '../../rules/allow.ts';
import { accountCount, createMembers, mergeMembers } from '../members.ts';
import { addEvidence } from '../premerge/evidence.ts';

/** Hours looked at together: a quiet campaign says too little in one. */
export const ROLLING_HOURS = 6;

export interface SubjectHour {
  end: number;
  accumulator: Accumulator;
  members: Members;
}

/** What is remembered of a cluster or a loud account. Plain data. */
export interface SubjectState {
  subjectType: SubjectType;
  subjectId: string;
  hours: SubjectHour[];
  /** Calls in all hours so far. */
  calls: number;
  firstSeen: number;
  lastSeen: number;
  evidence: LinkEvidence[];
  profile: AccountProfile | null;
  /** The last message about it; null when it never alerted. */
  alert: Alert | null;
  /** End of the last hour in which it deserved its alert. */
  deserved: number;
}

export function createSubject({ subject_type, subject_id, profile }: SubjectPartial): SubjectState {
  return {
    subjectType: subject_type,
    subjectId: subject_id,
    hours: [],
    calls: 0,
    firstSeen: Number.POSITIVE_INFINITY,
    lastSeen: 0,
    evidence: [],
    profile,
    alert: null,
    deserved: 0,
  };
}

export function addHour(state: SubjectState, hour: SubjectPartial): void {
  state.hours = state.hours.filter(({ end }) => hour.window_end - end < ROLLING_HOURS * HOUR);
  state.hours.push({ end: hour.window_end, accumulator: hour.accumulator, members: hour.members });
  state.calls += hour.accumulator.calls;
  state.firstSeen = Math.min(state.firstSeen, hour.accumulator.first_seen);
  state.lastSeen = Math.max(state.lastSeen, hour.accumulator.last_seen);
  addEvidence(state.evidence, hour.evidence);
  if (hour.profile !== null) state.profile = hour.profile;
}

/** The last hours as one. Arrivals are left out: those of different hours do not belong into the same bins. */
export function rolling(state: SubjectState): { accumulator: Accumulator; members: Members } {
  const accumulator = createAccumulator();
  const members = createMembers();
  for (const hour of state.hours) {
    mergeAccumulators(accumulator, hour.accumulator);
    mergeMembers(members, hour.members);
  }
  accumulator.arrivals = [];
  return { accumulator, members };
}

/** What is asked of a subject when exceptions are looked up. */
export function allowSubjectOf(
  { subjectType, subjectId, profile, evidence }: SubjectState,
  members: Members,
  { calls, asns }: Accumulator,
): AllowSubject {
  return {
    type: subjectType,
    id: subjectId,
    organization: profile?.organization_id ?? null,
    accountCount: accountCount(members),
    accounts: members.sample.map(({ account_id }) => account_id),
    evidence,
    asns: totalCount(asns) === calls ? asns.values.map(({ value }) => value) : [],
  };
}
