import type { Alert, AlertEvent, AlertFeature, AlertSignature, Severity } from '../../records/alert.ts';
import { HOUR } from '../../records/window.ts';
import type { Rules } from '../../rules/schema.ts';
import { accountCount } from '../members.ts';
import { strongestEvidence } from '../premerge/evidence.ts';
import { rolling, type SubjectState } from './subject-state.ts';
import type { Judgement } from './verdict.ts';

const ATLAS_TECHNIQUE = 'AML.T0024.002';
const RANK: Readonly<Record<Severity, number>> = { info: 0, ticket: 1, page: 2 };
const MOST_SAMPLES = 20;
const MOST_EVIDENCE = 8;

export interface AlertingDeps {
  /** Those in force at the window's end. */
  rules: Rules;
  /** Added to a window's end: when the live system publishes. Milliseconds. */
  grace: number;
}

/**
 * none --deserved--> open --deserved: at most one update an hour--> open --quiet for the rules' hours--> resolved --deserved--> open again, same id
 *
 * A lower severity than before does not lower the alert while it is open: it would otherwise flap with every quiet hour.
 */
export function nextAlert(
  state: SubjectState,
  judgement: Judgement,
  end: number,
  note: string,
  { rules, grace }: AlertingDeps,
): AlertEvent | null {
  const previous = state.alert;
  const isOpen = previous?.status === 'open';
  if (judgement.verdict === null || judgement.severity === null) {
    if (!isOpen || end - state.deserved < rules.alerts.resolve_after_quiet_hours * HOUR) return null;
    const resolved: Alert = {
      ...previous,
      revision: previous.revision + 1,
      status: 'resolved',
      updated_at: end,
      exchange_count: state.calls,
      last_seen: state.lastSeen,
      rules_hash: rules.hash,
    };
    state.alert = resolved;
    return { type: 'stillwatch.alert.resolved', emitted_at: end + grace, alert: resolved };
  }
  state.deserved = end;
  const keeps = isOpen && RANK[previous.severity] > RANK[judgement.severity];
  const alert = describe(state, judgement, end, note, rules, previous);
  if (keeps) {
    alert.severity = previous.severity;
    alert.verdict = previous.verdict;
  }
  state.alert = alert;
  return { type: isOpen ? 'stillwatch.alert.updated' : 'stillwatch.alert.opened', emitted_at: end + grace, alert };
}

function describe(
  state: SubjectState,
  { verdict, severity, confidence, signatures }: Judgement,
  end: number,
  note: string,
  rules: Rules,
  previous: Alert | null,
): Alert {
  if (verdict === null || severity === null) throw new Error('an alert without a verdict');
  const { accumulator, members } = rolling(state);
  const strongest = signatures
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  const accounts = accountCount(members);
  return {
    alert_id: previous?.alert_id ?? `a_${state.subjectId}`,
    revision: (previous?.revision ?? 0) + 1,
    status: 'open',
    verdict,
    severity,
    subject_type: state.subjectType,
    subject_id: state.subjectId,
    opened_at: previous?.opened_at ?? end,
    updated_at: end,
    first_seen: state.firstSeen,
    last_seen: state.lastSeen,
    account_count: Math.max(accounts, previous?.account_count ?? 0),
    exchange_count: state.calls,
    exchanges_before_alert: previous?.exchanges_before_alert ?? state.calls,
    confidence,
    signatures: strongest,
    linking_evidence: strongestEvidence(state.evidence, MOST_EVIDENCE),
    sample_accounts: members.sample.slice(0, MOST_SAMPLES).map(({ account_id }) => account_id),
    sample_event_ids: accumulator.samples.map(({ event_id }) => event_id),
    rules_hash: rules.hash,
    atlas_technique: ATLAS_TECHNIQUE,
    query: reproduce(state.subjectId, state.hours[0]?.end ?? end, end),
    runbook_url: `${rules.alerts.runbooks}/${verdict.replace('_', '-')}.md`,
    summary: summarise(state, verdict, accounts, strongest),
    baseline_note: note,
  };
}

/** Ids are ours or checked at the door (no control characters); quotes are doubled all the same. */
function reproduce(subjectId: string, from: number, to: number): string {
  return `SELECT * FROM stillwatch.cluster_windows FINAL WHERE subject_id = '${subjectId.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}' AND window_size = 'hour' AND window_end BETWEEN fromUnixTimestamp64Milli(${from}) AND fromUnixTimestamp64Milli(${to}) ORDER BY window_end`;
}

function summarise(
  state: SubjectState,
  verdict: Alert['verdict'],
  accounts: number,
  signatures: readonly AlertSignature[],
): string {
  const who = state.subjectType === 'cluster' ? `${accounts} linked accounts` : 'One account';
  const what =
    verdict === 'harvesting'
      ? 'Consistent with harvesting answers for training'
      : 'Operated as one pool; the traffic does not look like training data';
  const [first] = signatures;
  const strongest = first === undefined ? '' : ` Strongest: ${first.name} (${first.features.map(phrase).join(', ')}).`;
  return `${who} made ${state.calls} calls so far. ${what}.${strongest}`;
}

function phrase({ name, value, baseline_percentile }: AlertFeature): string {
  const place = baseline_percentile === null ? '' : `, above ${Math.floor(baseline_percentile)} % of the cohort`;
  return `${name} ${value.toPrecision(3)}${place}`;
}
