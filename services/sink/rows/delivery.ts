import type { Delivery } from '../../records/delivery.ts';
import { tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

/** A row of deliveries: one for each message and target. */
export const deliveryRow = tableRow<Delivery>({
  target: ({ target }) => target,
  partition: ({ partition }) => partition,
  offset: ({ offset }) => offset,
  alert_id: ({ alert_id }) => alert_id,
  revision: ({ revision }) => revision,
  subject_type: ({ subject_type }) => subject_type,
  subject_id: ({ subject_id }) => subject_id,
  status: ({ status }) => status,
  severity: ({ severity }) => severity,
  attempts: ({ attempts }) => attempts,
  http_status: ({ http_status }) => http_status,
  emitted_at: ({ emitted_at }) => dateTime(emitted_at),
  delivered_at: ({ delivered_at }) => dateTime(delivered_at),
});
