import { type Alert, type AlertEvent, type AlertSignature, BASELINE_PERCENTILES } from '../../records/alert.ts';
import { clusterOfSubject } from '../../records/subject-window.ts';
import type { Rules } from '../../rules/schema.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { cohortNamed } from '../baseline/cohort.ts';
import { accountCount } from '../members.ts';
import { strongestEvidence } from '../premerge/evidence.ts';
import type { JudgedFeature, JudgedSignature } from '../signatures/signature.ts';
import type { Judged } from './judging.ts';
import type { Move } from './lifecycle.ts';
import { reproduce } from './reproduce.ts';
import type { SubjectState } from './subject-state.ts';

const ATLAS_TECHNIQUE = 'AML.T0024.002';
const MOST_SAMPLES = 20;
const MOST_EVIDENCE = 8;

export interface AlertingDeps {
  /** As what is alerted on was judged by. */
  baseline: Baseline;
  /** Those in force at the end of what is judged. */
  rules: Rules;
  /** Added to a window's end: when the live system publishes. Milliseconds. */
  grace: number;
  /** The ClickHouse database that an alert's query names. */
  database: string;
  /** Where its runbook is; the rules' folder when empty. */
  runbooks: string;
}

/** An alert as it was, moved on with nothing new to say about the traffic: the sentence says why. */
export function moveQuietly(
  state: SubjectState,
  move: Move,
  end: number,
  why: string,
  { rules, grace, database }: Pick<AlertingDeps, 'rules' | 'grace' | 'database'>,
): AlertEvent | null {
  const { alert: previous } = state;
  if (previous === null) return null;
  const { type, verdict, severity } = move;
  const alert: Alert = {
    ...previous,
    revision: previous.revision + 1,
    status: type === 'stillwatch.alert.resolved' ? 'resolved' : 'open',
    verdict,
    severity,
    updated_at: end,
    exchange_count: state.calls,
    last_seen: state.lastSeen,
    rules_hash: rules.hash,
    summary: why,
  };
  if (state.judged)
    alert.query = reproduce({ database, alert, judged: state.judged, until: end, countsMinutes: false });
  state.alert = alert;
  return { type, emitted_at: end + grace, alert };
}

/** An alert with what was just judged. `pending`: calls that are not counted on the subject yet. */
export function moveJudged(
  state: SubjectState,
  { type, verdict, severity }: Move,
  { judgement, sum, from, note, cohort }: Judged,
  pending: number,
  end: number,
  { baseline, rules, grace, database, runbooks }: AlertingDeps,
): AlertEvent {
  const { alert: previous } = state;
  const signatures = judgement.signatures
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .map((signature) => onBaseline(signature, cohort, baseline));
  const accounts = accountCount(sum.members);
  const calls = state.calls + pending;
  const isPartOfHour = pending > 0;
  state.judged = { from, to: end, leastCalls: isPartOfHour ? rules.alerts.least_calls : null };
  const about = {
    alert_id: alertId(state.subjectId),
    revision: (previous?.revision ?? 0) + 1,
    subject_type: state.subjectType,
    subject_id: state.subjectId,
    first_seen: state.firstSeen,
    signatures,
  };
  const alert: Alert = {
    alert_id: about.alert_id,
    revision: about.revision,
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
    exchange_count: calls,
    exchanges_before_alert: previous?.exchanges_before_alert ?? calls,
    confidence: judgement.confidence,
    signatures,
    linking_evidence: strongestEvidence(state.evidence, MOST_EVIDENCE),
    sample_accounts: sum.members.sample.slice(0, MOST_SAMPLES).map(({ account_id }) => account_id),
    sample_event_ids: sum.accumulator.samples.map(({ event_id }) => event_id),
    rules_hash: rules.hash,
    atlas_technique: ATLAS_TECHNIQUE,
    query: reproduce({
      database,
      alert: about,
      judged: state.judged,
      until: isPartOfHour ? from : end,
      countsMinutes: isPartOfHour,
    }),
    runbook_url: `${runbooks === '' ? rules.alerts.runbooks : runbooks}/${verdict.replace('_', '-')}.md`,
    summary: summarise(state, calls, verdict, accounts, signatures),
    baseline_note: note,
    cohort,
  };
  state.alert = alert;
  return { type, emitted_at: end + grace, alert };
}

/** With what the accounts of the cohort do beside each of its values. */
function onBaseline(signature: JudgedSignature, cohort: string, baseline: Pick<Baseline, 'quantile'>): AlertSignature {
  const among = cohortNamed(cohort);
  const quantilesOf = (name: string): number[] =>
    BASELINE_PERCENTILES.flatMap((percentile) => baseline.quantile('hour', among, name, percentile) ?? []);
  return {
    ...signature,
    // In the order of the schema: rows hold the text, and the live system's has been through the topic.
    features: signature.features.map(({ contribution, ...entry }) => ({
      ...entry,
      baseline_quantiles: quantilesOf(entry.name),
      contribution,
    })),
  };
}

/** One for the whole life of a subject. */
export function alertId(subjectId: string): string {
  return `a_${subjectId}`;
}

function summarise(
  { subjectType, subjectId }: SubjectState,
  calls: number,
  verdict: Alert['verdict'],
  accounts: number,
  signatures: readonly AlertSignature[],
): string {
  const cluster = clusterOfSubject(subjectId);
  const linked = cluster === subjectId ? 'linked accounts' : `accounts alike, of the linked ones in ${cluster},`;
  const who = subjectType === 'cluster' ? `${accounts} ${linked}` : 'One account';
  const what =
    verdict === 'harvesting'
      ? 'Consistent with harvesting answers for training'
      : 'Operated as one pool; the traffic as a whole does not look like training data';
  const [first] = signatures;
  const strongest = first === undefined ? '' : ` Strongest: ${first.name} (${first.features.map(phrase).join(', ')}).`;
  return `${who} made ${calls} calls so far. ${what}.${strongest}`;
}

function phrase({ name, value, baseline_percentile }: JudgedFeature): string {
  const place = baseline_percentile === null ? '' : `, above ${Math.floor(baseline_percentile)} % of the cohort`;
  return `${name} ${value.toPrecision(3)}${place}`;
}
