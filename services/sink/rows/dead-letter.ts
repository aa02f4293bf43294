import type { DeadLetter } from '../../records/dead-letter.ts';
import { dateTime } from './time.ts';

/** A row of dead_letters: where it is and why, never its bytes, which may hold a prompt. They stay on the topic. */
export function deadLetterRow({
  reason,
  detail,
  topic,
  partition,
  offset,
  value,
  timestamp,
}: DeadLetter): Record<string, unknown> {
  return { topic, partition, offset, reason, detail, bytes: value?.length ?? 0, timestamp: dateTime(timestamp) };
}
