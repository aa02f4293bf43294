import type { Assignment } from '../../records/assignment.ts';
import { dateTime } from './time.ts';

/** A row of assignments. */
export function assignmentRow(assignment: Assignment): Record<string, unknown> {
  return {
    account_id: assignment.account_id,
    version: assignment.version,
    cluster_id: assignment.cluster_id ?? '',
    effective_at: dateTime(assignment.effective_at),
    reason: assignment.reason,
    previous_cluster_id: assignment.previous_cluster_id ?? '',
    cluster_size: assignment.cluster_size,
    evidence: JSON.stringify(assignment.evidence),
  };
}
