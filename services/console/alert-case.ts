import type { HandlingStore } from '../feedback/handling.ts';
import type { MarkStore } from '../feedback/marks.ts';
import type { SilenceStore } from '../feedback/silences.ts';
import { FEATURES } from '../records/features.ts';
import { clusterOfSubject } from '../records/subject-window.ts';
import { formatEntry } from '../rules/add-entry.ts';
import type { AlertStore } from './alert-store.ts';
import type { ShownAlert } from './schemas/alert.ts';
import type { AlertCase } from './schemas/alert-case.ts';
import type { ClusterStore } from './stores/cluster-store.ts';

export interface CaseDeps {
  alerts: AlertStore;
  marks: MarkStore;
  handling: HandlingStore;
  silences: SilenceStore;
  clusters: ClusterStore;
  now(): number;
}

const FORMULAS: Readonly<Record<string, string>> = Object.fromEntries(
  FEATURES.map(({ name, formula }) => [name, formula]),
);
/** An exception that nobody renews ends after so long. */
const EXCEPTION_LASTS = 90 * 86_400_000;

/** Everything that is known of an alert: what was seen, and what people made of it. */
export async function caseOf(
  alertId: string,
  { alerts, marks, handling, silences, clusters, now }: CaseDeps,
): Promise<AlertCase | null> {
  const alert = await alerts.show(alertId);
  if (alert === null) return null;
  const cluster = clusterOfSubject(alert.subject_id);
  const [allMarks, entries, allSilences, joins] = await Promise.all([
    marks.list(alertId),
    handling.list(alertId),
    silences.of([alertId, cluster]),
    alert.subject_type === 'cluster' ? clusters.joins(cluster) : null,
  ]);
  return {
    ...alert,
    cluster_id: alert.subject_type === 'cluster' ? cluster : null,
    joins,
    marks: allMarks,
    handling: entries,
    silences: allSilences,
    formulas: Object.fromEntries(
      alert.signatures.flatMap(({ features }) => features.map(({ name }) => [name, FORMULAS[name] ?? ''])),
    ),
    exception: exceptionFor(alert, now()),
  };
}

/** What would have to be added to the rules so that its subject never alerts again. Owner and reason are for a person to fill in. */
function exceptionFor({ subject_type, subject_id }: ShownAlert, now: number): string {
  const expires = new Date(now + EXCEPTION_LASTS).toISOString().slice(0, 10);
  return formatEntry({ kind: subject_type, value: subject_id, owner: 'WHO ANSWERS FOR IT', reason: 'WHY', expires });
}
