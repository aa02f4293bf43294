import { clusterOfSubject, type SubjectType } from '../records/subject-window.ts';
import { type AllowSubject, coveringEntry, type Exceptions } from './allow.ts';
import type { AllowEntry } from './schema.ts';

/** What a stored alert says of its subject. */
export interface StoredSubject {
  subject_type: SubjectType;
  subject_id: string;
  account_count: number;
  sample_accounts: readonly string[];
  linking_evidence: AllowSubject['evidence'];
  /** Of a single account; empty when it has none, or is a cluster. */
  organization: string;
}

/** By what an exception names such a subject: a part of a cluster goes by the cluster's name. */
export function nameOfSubject({
  subject_type,
  subject_id,
}: Pick<StoredSubject, 'subject_type' | 'subject_id'>): string {
  return subject_type === 'cluster' ? clusterOfSubject(subject_id) : subject_id;
}

/**
 * Of these alerts, those that would not be there with this exception beside the known ones: whose subject it covers at `time`, and none before it did.
 * Null when alerts do not hold what it goes by: the AS numbers of all calls.
 */
export function hiddenBy<Alert extends StoredSubject>(
  entry: AllowEntry,
  known: Exceptions,
  alerts: readonly Alert[],
  time: number,
): Alert[] | null {
  if (entry.kind === 'asn') return null;
  const isCovered = (allow: readonly AllowEntry[], alert: StoredSubject): boolean => {
    const subject = {
      type: alert.subject_type,
      id: nameOfSubject(alert),
      organization: alert.organization === '' ? null : alert.organization,
      accountCount: alert.account_count,
      accounts: alert.sample_accounts,
      evidence: alert.linking_evidence,
      asns: [],
    };
    return coveringEntry({ ...known, allow }, subject, time) !== null;
  };
  return alerts.filter((alert) => !isCovered(known.allow, alert) && isCovered([...known.allow, entry], alert));
}
