import type { AlertEvent, Severity } from '../records/alert.ts';

/** An alert that nobody can take for a real one, and its end, so that nothing stays open. */
export function testAlert(now: number, severity: Severity): AlertEvent[] {
  const opened: AlertEvent = {
    type: 'stillwatch.alert.opened',
    emitted_at: now,
    alert: {
      alert_id: `TEST-${now}`,
      revision: 1,
      status: 'open',
      verdict: 'harvesting',
      severity,
      subject_type: 'cluster',
      subject_id: 'TEST',
      opened_at: now,
      updated_at: now,
      first_seen: now,
      last_seen: now,
      account_count: 0,
      exchange_count: 0,
      exchanges_before_alert: 0,
      confidence: 0,
      signatures: [],
      linking_evidence: [],
      sample_accounts: [],
      sample_event_ids: [],
      rules_hash: 'TEST',
      atlas_technique: 'AML.T0024.002',
      query: '',
      runbook_url: '',
      summary: 'TEST: sent to try out this target. Nothing was seen, there is nothing to do.',
      baseline_note: '',
      cohort: '',
    },
  };
  const resolved: AlertEvent = {
    ...opened,
    type: 'stillwatch.alert.resolved',
    alert: { ...opened.alert, revision: 2, status: 'resolved' },
  };
  return [opened, resolved];
}
