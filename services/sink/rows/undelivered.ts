import type { Undelivered } from '../../notify/undelivered.ts';
import { tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

/** A row of undelivered: one for each message and target. */
export const undeliveredRow = tableRow<Undelivered>({
  target: ({ target }) => target,
  partition: ({ partition }) => partition,
  offset: ({ offset }) => offset,
  alert_id: ({ event }) => event.alert.alert_id,
  revision: ({ event }) => event.alert.revision,
  subject_type: ({ event }) => event.alert.subject_type,
  subject_id: ({ event }) => event.alert.subject_id,
  status: ({ event }) => event.alert.status,
  severity: ({ event }) => event.alert.severity,
  reason: ({ reason }) => reason,
  attempts: ({ attempts }) => attempts,
  emitted_at: ({ event }) => dateTime(event.emitted_at),
});
