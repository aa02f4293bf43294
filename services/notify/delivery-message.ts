import type { AlertEvent } from '../records/alert.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { Delivery } from '../records/delivery.ts';
import type { OutgoingMessage } from '../stream/kafka/transaction.ts';

type How = Pick<Delivery, 'target' | 'partition' | 'offset' | 'attempts' | 'http_status' | 'delivered_at'>;

/** A message on `stillwatch.deliveries`: a target took this event. */
export function deliveryMessage(codecs: Codecs, { alert, emitted_at }: AlertEvent, how: How): OutgoingMessage {
  const { alert_id, revision, subject_type, subject_id, status, severity } = alert;
  const delivery: Delivery = {
    ...how,
    alert_id,
    revision,
    subject_type,
    subject_id,
    status,
    severity,
    emitted_at,
  };
  return { key: alert_id, value: codecs.of('delivery').encode(delivery) };
}
