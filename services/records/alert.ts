import type { LinkEvidence } from './assignment.ts';
import type { SubjectType } from './subject-window.ts';

export type Verdict = 'harvesting' | 'coordinated_pool';
export type Severity = 'page' | 'ticket' | 'info';
export type AlertStatus = 'open' | 'resolved';

/** Of the cohort's accounts, at which the baseline is told. */
export const BASELINE_PERCENTILES = [5, 25, 50, 75, 95, 99] as const;

export interface AlertFeature {
  name: string;
  value: number;
  unit: string;
  /** 0..100, place of the value among the cohort's accounts; null when there is no baseline for it. */
  baseline_percentile: number | null;
  threshold: number;
  /** Where it counts fully; below the threshold where small values count. Null in what an earlier version wrote. */
  threshold_full: number | null;
  /** Values that these percentiles of the cohort's accounts do not exceed; empty when there is no baseline for it, and in what an earlier version wrote. */
  baseline_quantiles: number[];
  /** Share of the signature's score, 0..1; the contributions of a signature add up to its score. */
  contribution: number;
}

export interface AlertSignature {
  name: string;
  version: number;
  score: number;
  features: AlertFeature[];
}

/** One message about a campaign: the same `alert_id` for its whole life, `revision` counting up. Field meanings: the contract. */
export interface Alert {
  alert_id: string;
  revision: number;
  status: AlertStatus;
  verdict: Verdict;
  severity: Severity;
  subject_type: SubjectType;
  subject_id: string;
  opened_at: number;
  updated_at: number;
  first_seen: number;
  last_seen: number;
  account_count: number;
  exchange_count: number;
  exchanges_before_alert: number;
  confidence: number;
  signatures: AlertSignature[];
  linking_evidence: LinkEvidence[];
  sample_accounts: string[];
  sample_event_ids: string[];
  rules_hash: string;
  atlas_technique: string;
  query: string;
  runbook_url: string;
  /** One plain sentence of what was seen. Never names an actor. */
  summary: string;
  /** Where the baseline fell back to a wider cohort, or was still cold; empty otherwise. */
  baseline_note: string;
  /** Whom its windows were compared with, as `cohortName` writes it; empty in what an earlier version wrote. */
  cohort: string;
}

export type AlertEventType = 'stillwatch.alert.opened' | 'stillwatch.alert.updated' | 'stillwatch.alert.resolved';

/** An alert as it is published: the CloudEvents attributes that vary, and the body. */
export interface AlertEvent {
  type: AlertEventType;
  /** Event time at which the live system publishes it: the window's end plus the grace. */
  emitted_at: number;
  alert: Alert;
}
