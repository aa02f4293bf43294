import { judgedFigures } from '../clusters/judged-figures.ts';
import type { HandlingStore } from '../feedback/handling.ts';
import type { MarkStore } from '../feedback/marks.ts';
import type { SilenceStore } from '../feedback/silences.ts';
import { FEATURES } from '../records/features.ts';
import { clusterOfSubject } from '../records/subject-window.ts';
import { formatEntry } from '../rules/add-entry.ts';
import { nameOfSubject } from '../rules/hidden-by.ts';
import type { AlertStore } from './alert-store.ts';
import { draftEntry } from './exception.ts';
import type { AlertCase } from './schemas/alert-case.ts';
import type { ClusterStore } from './stores/cluster-store.ts';
import type { DeliveryStore } from './stores/delivery-store.ts';

export interface CaseDeps {
  alerts: AlertStore;
  marks: MarkStore;
  handling: HandlingStore;
  silences: SilenceStore;
  clusters: ClusterStore;
  deliveries: DeliveryStore;
  /** Where the alerts are. */
  database: string;
  now(): number;
}

const FORMULAS: Readonly<Record<string, string>> = Object.fromEntries(
  FEATURES.map(({ name, formula }) => [name, formula]),
);

/** Everything that is known of an alert: what was seen, and what people made of it. */
export async function caseOf(
  alertId: string,
  { alerts, marks, handling, silences, clusters, deliveries, database, now }: CaseDeps,
): Promise<AlertCase | null> {
  const alert = await alerts.show(alertId);
  if (alert === null) return null;
  const cluster = clusterOfSubject(alert.subject_id);
  const [allMarks, entries, allSilences, joins, taken, notTaken] = await Promise.all([
    marks.list(alertId),
    handling.list(alertId),
    silences.of([alertId, cluster]),
    alert.subject_type === 'cluster' ? clusters.joins(cluster) : null,
    deliveries.taken(alertId),
    deliveries.notTaken(alertId),
  ]);
  return {
    ...alert,
    cluster_id: alert.subject_type === 'cluster' ? cluster : null,
    joins,
    marks: allMarks,
    handling: entries,
    silences: allSilences,
    delivered: taken,
    undelivered: notTaken,
    formulas: Object.fromEntries(
      alert.signatures.flatMap(({ features }) => features.map(({ name }) => [name, FORMULAS[name] ?? ''])),
    ),
    figures_query: judgedFigures(database, alert),
    exception: formatEntry(draftEntry({ kind: alert.subject_type, value: nameOfSubject(alert) }, now())),
  };
}
