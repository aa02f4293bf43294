import type { DeadLetter } from '../../records/dead-letter.ts';
import { tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

/** A row of dead_letters: where it is and why, never its bytes, which may hold a prompt. They stay on the topic. */
export const deadLetterRow = tableRow<DeadLetter>({
  topic: ({ topic }) => topic,
  partition: ({ partition }) => partition,
  offset: ({ offset }) => offset,
  reason: ({ reason }) => reason,
  detail: ({ detail }) => detail,
  bytes: ({ value }) => value?.length ?? 0,
  timestamp: ({ timestamp }) => dateTime(timestamp),
});
