import { CONTEXT_FEATURES } from '../../records/features/context.ts';
import type { ClusterWindow } from '../../records/subject-window.ts';
import { windowLength } from '../../records/window.ts';
import { FEATURE_COLUMNS, featureValues } from './features.ts';
import { rowOf, tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

const OWN = tableRow<ClusterWindow>({
  subject_type: ({ subject_type }) => subject_type,
  subject_id: ({ subject_id }) => subject_id,
  window_size: ({ window_size }) => window_size,
  window_start: ({ window_end, window_size }) => dateTime(window_end - windowLength(window_size)),
  window_end: ({ window_end }) => dateTime(window_end),
  cohort: ({ cohort }) => cohort,
  verdict: ({ verdict }) => verdict,
  confidence: ({ confidence }) => confidence,
  signatures: ({ signatures }) => Object.fromEntries(signatures.map(({ name, score }) => [name, score])),
  rules_hash: ({ rules_hash }) => rules_hash,
  sample_accounts: ({ members }) => members.sample.map(({ account_id }) => account_id),
  first_seen: ({ accumulator }) => dateTime(accumulator.first_seen),
  last_seen: ({ accumulator }) => dateTime(accumulator.last_seen),
});

/** A row of cluster_windows. */
export const clusterWindowRow = rowOf<ClusterWindow>(
  [...OWN.columns, ...FEATURE_COLUMNS, ...CONTEXT_FEATURES.map(({ name }) => name)],
  (window) => {
    const { accumulator, members, evidence, window_size: size } = window;
    return [
      ...OWN.values(window),
      ...featureValues({ accumulator, size, members, evidence }),
      ...contextValues(window),
    ];
  },
);

/** Of each feature that more than the window tells; null where nothing did. */
function contextValues({ context }: ClusterWindow): (number | null)[] {
  const values = new Map(context.map(({ name, value }) => [name, value]));
  return CONTEXT_FEATURES.map(({ name }) => values.get(name) ?? null);
}
