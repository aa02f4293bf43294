import type { Assignment } from '../../records/assignment.ts';
import { tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

/** A row of assignments. */
export const assignmentRow = tableRow<Assignment>({
  account_id: ({ account_id }) => account_id,
  version: ({ version }) => version,
  cluster_id: ({ cluster_id }) => cluster_id ?? '',
  effective_at: ({ effective_at }) => dateTime(effective_at),
  reason: ({ reason }) => reason,
  previous_cluster_id: ({ previous_cluster_id }) => previous_cluster_id ?? '',
  cluster_size: ({ cluster_size }) => cluster_size,
  evidence: ({ evidence }) => JSON.stringify(evidence),
});
