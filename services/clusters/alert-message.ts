import type { AlertEvent, AlertEventType } from '../records/alert.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { Decoded } from '../stream/kafka/binding.ts';
import type { KafkaMessage } from '../stream/kafka/client.ts';
import type { OutgoingMessage } from '../stream/kafka/transaction.ts';

const TYPES: readonly AlertEventType[] = [
  'stillwatch.alert.opened',
  'stillwatch.alert.updated',
  'stillwatch.alert.resolved',
];

/** CloudEvents 1.0, Kafka binary mode: attributes in headers, the Avro body as it is. The id is unique a message and the same when it is made again. */
export function alertMessage(codecs: Codecs, { type, emitted_at, alert }: AlertEvent): OutgoingMessage {
  return {
    key: alert.alert_id,
    value: codecs.of('alert').encode(alert),
    headers: {
      ce_specversion: '1.0',
      ce_id: messageId(alert),
      ce_type: type,
      ce_source: '/stillwatch/clusters',
      ce_subject: alert.alert_id,
      ce_time: new Date(emitted_at).toISOString(),
      'content-type': 'application/avro',
    },
  };
}

export function messageId({ alert_id, revision }: { alert_id: string; revision: number }): string {
  return `${alert_id}.${revision}`;
}

export function readAlertMessage(codecs: Codecs, message: KafkaMessage): Decoded<AlertEvent> {
  const decoded = codecs.of('alert').decode(message.value);
  if (!decoded.ok) return decoded;
  const type = TYPES.find((candidate) => candidate === message.headers?.['ce_type']?.toString());
  const emittedAt = Date.parse(message.headers?.['ce_time']?.toString() ?? '');
  if (type === undefined || Number.isNaN(emittedAt))
    return { ok: false, reason: 'not_a_cloud_event', detail: 'ce_type or ce_time is missing' };
  return { ok: true, value: { type, emitted_at: emittedAt, alert: decoded.value } };
}
