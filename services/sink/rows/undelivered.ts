import type { Undelivered } from '../../notify/undelivered.ts';
import { dateTime } from './time.ts';

/** A row of undelivered: one for each message and target. */
export function undeliveredRow({
  target,
  reason,
  attempts,
  partition,
  offset,
  event,
}: Undelivered): Record<string, unknown> {
  const { alert_id, revision, subject_type, subject_id, status, severity } = event.alert;
  return {
    target,
    partition,
    offset,
    alert_id,
    revision,
    subject_type,
    subject_id,
    status,
    severity,
    reason,
    attempts,
    emitted_at: dateTime(event.emitted_at),
  };
}
