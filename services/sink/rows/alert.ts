import type { Alert, AlertEvent } from '../../records/alert.ts';
import { tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

type AlertColumns = Readonly<Record<keyof Alert | 'type' | 'emitted_at', (event: AlertEvent) => unknown>>;

const COLUMNS: AlertColumns = {
  alert_id: ({ alert }) => alert.alert_id,
  revision: ({ alert }) => alert.revision,
  type: ({ type }) => type,
  emitted_at: ({ emitted_at }) => dateTime(emitted_at),
  status: ({ alert }) => alert.status,
  verdict: ({ alert }) => alert.verdict,
  severity: ({ alert }) => alert.severity,
  subject_type: ({ alert }) => alert.subject_type,
  subject_id: ({ alert }) => alert.subject_id,
  opened_at: ({ alert }) => dateTime(alert.opened_at),
  updated_at: ({ alert }) => dateTime(alert.updated_at),
  first_seen: ({ alert }) => dateTime(alert.first_seen),
  last_seen: ({ alert }) => dateTime(alert.last_seen),
  account_count: ({ alert }) => alert.account_count,
  exchange_count: ({ alert }) => alert.exchange_count,
  exchanges_before_alert: ({ alert }) => alert.exchanges_before_alert,
  confidence: ({ alert }) => alert.confidence,
  signatures: ({ alert }) => JSON.stringify(alert.signatures),
  linking_evidence: ({ alert }) => JSON.stringify(alert.linking_evidence),
  sample_accounts: ({ alert }) => alert.sample_accounts,
  sample_event_ids: ({ alert }) => alert.sample_event_ids,
  rules_hash: ({ alert }) => alert.rules_hash,
  atlas_technique: ({ alert }) => alert.atlas_technique,
  query: ({ alert }) => alert.query,
  runbook_url: ({ alert }) => alert.runbook_url,
  summary: ({ alert }) => alert.summary,
  baseline_note: ({ alert }) => alert.baseline_note,
  cohort: ({ alert }) => alert.cohort,
};

/** A row of alerts: one for each revision. */
export const alertRow = tableRow(COLUMNS);
