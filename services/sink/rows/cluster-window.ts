import { CONTEXT_FEATURES } from '../../records/features/context.ts';
import type { ClusterWindow } from '../../records/subject-window.ts';
import { windowLength } from '../../records/window.ts';
import { featureColumns } from './features.ts';
import { dateTime } from './time.ts';

/** A row of cluster_windows. */
export function clusterWindowRow(window: ClusterWindow): Record<string, unknown> {
  const { subject_type, subject_id, window_size, window_end, accumulator, members, evidence } = window;
  return {
    subject_type,
    subject_id,
    window_size,
    window_start: dateTime(window_end - windowLength(window_size)),
    window_end: dateTime(window_end),
    cohort: window.cohort,
    verdict: window.verdict,
    confidence: window.confidence,
    signatures: Object.fromEntries(window.signatures.map(({ name, score }) => [name, score])),
    rules_hash: window.rules_hash,
    sample_accounts: members.sample.map(({ account_id }) => account_id),
    first_seen: dateTime(accumulator.first_seen),
    last_seen: dateTime(accumulator.last_seen),
    ...featureColumns({ accumulator, size: window_size, members, evidence }),
    ...contextColumns(window),
  };
}

/** A column for each feature that more than the window tells; null where nothing did. */
function contextColumns({ context }: ClusterWindow): Record<string, number | null> {
  const values = new Map(context.map(({ name, value }) => [name, value]));
  return Object.fromEntries(CONTEXT_FEATURES.map(({ name }) => [name, values.get(name) ?? null]));
}
