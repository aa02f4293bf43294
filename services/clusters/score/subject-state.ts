import type { AccountProfile } from '../../records/account-window.ts';
import type { Alert, Severity } from '../../records/alert.ts';
import type { LinkEvidence } from '../../records/assignment.ts';
import type { SubActivity, SubjectPartial, SubjectType } from '../../records/subject-window.ts';
import { NEVER } from '../../records/window.ts';
import { addEvidence } from '../premerge/evidence.ts';
import type { JudgedSpan } from './reproduce.ts';

/** What is remembered of a subject: a cluster, a sub-population of one, or a loud account. Plain data; its hours are in the history. */
export interface SubjectState {
  subjectType: SubjectType;
  subjectId: string;
  /** Calls in all hours so far. */
  calls: number;
  firstSeen: number;
  lastSeen: number;
  evidence: LinkEvidence[];
  profile: AccountProfile | null;
  /** The last message about it; null when it never alerted. */
  alert: Alert | null;
  /** The windows that its figures are of; null when it never alerted, absent in what an earlier version kept. */
  judged?: JudgedSpan | null;
  /** End of the last window in which it deserved at least that severity; 0: never. */
  deserved: Record<Severity, number>;
  /** How many accounts it had when it last deserved a page. */
  accountsAtPage: number;
  /** Those of them of whom it was not known that they harvest; absent in what an earlier version kept. */
  othersAtPage?: number;
  /** End of the time for which it may not page as a whole: others have come into it who do not do what it was paged for. */
  mixedUntil: number;
  /** Event time at which it is visited though nothing came; null: it is not waited for. */
  due: number | null;
  /** Sub-populations of a cluster that are judged by themselves. */
  separate: SubActivity[];
}

export function createSubject(
  subjectType: SubjectType,
  subjectId: string,
  profile: AccountProfile | null,
): SubjectState {
  return {
    subjectType,
    subjectId,
    calls: 0,
    firstSeen: NEVER,
    lastSeen: 0,
    evidence: [],
    profile,
    alert: null,
    judged: null,
    deserved: { info: 0, ticket: 0, page: 0 },
    accountsAtPage: 0,
    mixedUntil: 0,
    due: null,
    separate: [],
  };
}

/** Counts an hour that is final. */
export function countHour(state: SubjectState, { accumulator, evidence, profile }: SubjectPartial): void {
  state.calls += accumulator.calls;
  observe(state, { accumulator, evidence });
  if (profile !== null) state.profile = profile;
}

/** Takes in when it was seen and why it is linked, from a window that is not counted yet. */
export function observe(
  state: SubjectState,
  { accumulator, evidence }: Pick<SubjectPartial, 'accumulator' | 'evidence'>,
): void {
  state.firstSeen = Math.min(state.firstSeen, accumulator.first_seen);
  state.lastSeen = Math.max(state.lastSeen, accumulator.last_seen);
  addEvidence(state.evidence, evidence);
}
