import type { WatermarkMark } from '../watermarks.ts';
import type { KafkaMessage } from './client.ts';
import type { OutgoingMessage } from './transaction.ts';

/** A watermark travels as a message without key and value, told apart by this header, so that a reader who knows nothing of it sees no record. */
const HEADER = 'stillwatch-watermark';

export function markMessage(mark: WatermarkMark): OutgoingMessage {
  return { key: null, value: null, headers: { [HEADER]: `${mark.source}/${mark.of}@${mark.time}` } };
}

/** The mark in a message, or null when it is a record. */
export function readMark(message: KafkaMessage): WatermarkMark | null {
  const header = message.headers?.[HEADER];
  if (header === undefined || message.value !== null) return null;
  const parts = /^(\d+)\/(\d+)@(\d+)$/.exec(header.toString());
  if (parts === null) return null;
  return { source: Number(parts[1]), of: Number(parts[2]), time: Number(parts[3]) };
}
