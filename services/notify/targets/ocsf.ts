import type { AlertEvent } from '../../records/alert.ts';
import { dedupKey, titleOf, webLink } from './text.ts';

const CLASS = 2004;
const ACTIVITY = {
  'stillwatch.alert.opened': { activity_id: 1, activity_name: 'Create' },
  'stillwatch.alert.updated': { activity_id: 2, activity_name: 'Update' },
  'stillwatch.alert.resolved': { activity_id: 3, activity_name: 'Close' },
} as const;
const SEVERITY = {
  page: { severity_id: 5, severity: 'Critical' },
  ticket: { severity_id: 3, severity: 'Medium' },
  info: { severity_id: 1, severity: 'Informational' },
} as const;

/**
 * OCSF 1.4 Detection Finding (class 2004 of category 2, Findings). What the class has no attribute for is under `unmapped`, where OCSF wants it.
 * `is_alert` says that somebody should look at once: of a page. `link`: where the console shows the alert.
 */
export function detectionFinding(event: AlertEvent, messageId: string, link: string | null) {
  const { type, emitted_at, alert } = event;
  const runbook = webLink(alert.runbook_url);
  const activity = ACTIVITY[type];
  const attacks = [{ technique: { uid: alert.atlas_technique } }];
  return {
    ...activity,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: CLASS,
    class_name: 'Detection Finding',
    type_uid: CLASS * 100 + activity.activity_id,
    ...SEVERITY[alert.severity],
    ...(alert.status === 'resolved' ? { status_id: 4, status: 'Resolved' } : { status_id: 1, status: 'New' }),
    is_alert: alert.severity === 'page' && alert.status === 'open',
    ...confidence(alert.confidence),
    time: emitted_at,
    start_time: alert.first_seen,
    end_time: alert.last_seen,
    message: alert.summary,
    count: alert.exchange_count,
    metadata: {
      uid: messageId,
      version: '1.4.0',
      product: { name: 'stillwatch', vendor_name: 'stillwatch' },
      correlation_uid: dedupKey(alert),
    },
    finding_info: {
      uid: dedupKey(alert),
      title: titleOf({ ...event, type: 'stillwatch.alert.opened' }),
      desc: alert.summary,
      types: [alert.verdict],
      created_time: alert.opened_at,
      modified_time: alert.updated_at,
      first_seen_time: alert.first_seen,
      last_seen_time: alert.last_seen,
      ...(link === null ? {} : { src_url: link }),
      analytic: { type_id: 1, type: 'Rule', name: 'stillwatch', version: alert.rules_hash },
      attacks,
    },
    attacks,
    ...(runbook === null ? {} : { remediation: { desc: 'What to do is in the runbook.', references: [runbook] } }),
    evidences: [{ data: { signatures: alert.signatures, linking_evidence: alert.linking_evidence } }],
    observables: alert.sample_accounts.map((value, index) => ({
      name: `unmapped.sample_accounts[${index}]`,
      type_id: 99,
      type: 'Account',
      value,
    })),
    unmapped: {
      revision: alert.revision,
      verdict: alert.verdict,
      subject_type: alert.subject_type,
      subject_id: alert.subject_id,
      account_count: alert.account_count,
      exchanges_before_alert: alert.exchanges_before_alert,
      sample_accounts: alert.sample_accounts,
      sample_event_ids: alert.sample_event_ids,
      query: alert.query,
      baseline_note: alert.baseline_note,
      cohort: alert.cohort,
    },
  };
}

/** OCSF wants whole percents, and one of three words. */
function confidence(share: number) {
  const confidence_score = Math.round(share * 100);
  if (confidence_score >= 80) return { confidence_score, confidence_id: 3, confidence: 'High' };
  if (confidence_score >= 50) return { confidence_score, confidence_id: 2, confidence: 'Medium' };
  return { confidence_score, confidence_id: 1, confidence: 'Low' };
}
