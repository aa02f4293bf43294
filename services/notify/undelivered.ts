import { readAlertMessage } from '../clusters/alert-message.ts';
import type { AlertEvent } from '../records/alert.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { Decoded } from '../stream/kafka/binding.ts';
import type { KafkaMessage } from '../stream/kafka/client.ts';
import type { OutgoingMessage } from '../stream/kafka/transaction.ts';

/**
 * A message on `stillwatch.undelivered`: the alert message, with the target that did not get it. Not a dead letter: a dead letter is known by the
 * place of its original, and one message can be undelivered at several targets; and it is brought back by being sent to its topic again, which would
 * tell every other target a second time.
 */
export interface Undelivered {
  target: string;
  reason: string;
  attempts: number;
  /** Place of the original on the alert topic. */
  partition: number;
  offset: string;
  event: AlertEvent;
}

const HEADERS = {
  target: 'stillwatch_target',
  reason: 'stillwatch_reason',
  attempts: 'stillwatch_attempts',
  partition: 'stillwatch_partition',
  offset: 'stillwatch_offset',
} as const;

export function undeliveredMessage(
  original: OutgoingMessage,
  { target, reason, attempts, partition, offset }: Omit<Undelivered, 'event'>,
): OutgoingMessage {
  return {
    ...original,
    headers: {
      ...original.headers,
      [HEADERS.target]: target,
      [HEADERS.reason]: reason,
      [HEADERS.attempts]: String(attempts),
      [HEADERS.partition]: String(partition),
      [HEADERS.offset]: offset,
    },
  };
}

export function readUndelivered(codecs: Codecs, message: KafkaMessage): Decoded<Undelivered> {
  const read = readAlertMessage(codecs, message);
  if (!read.ok) return read;
  const header = (name: keyof typeof HEADERS): string => message.headers?.[HEADERS[name]]?.toString() ?? '';
  return {
    ok: true,
    value: {
      target: header('target'),
      reason: header('reason'),
      attempts: Number(header('attempts')),
      partition: Number(header('partition')),
      offset: header('offset'),
      event: read.value,
    },
  };
}
