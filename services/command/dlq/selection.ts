import type { Command } from 'commander';
import type { LetterFilter } from '../../dead-letters/letter.ts';
import { collect, moment } from '../common.ts';

/** Options that say which letters are meant. */
export interface Selection {
  reason: string[];
  topic: string[];
  since?: number;
  until?: number;
}

export function withSelection(command: Command): Command {
  return command
    .option('--reason <code>', 'only those refused for this; may be given again', collect, [])
    .option('--topic <name>', 'only those from this topic; may be given again', collect, [])
    .option('--since <time>', 'only those refused at or after this time', moment)
    .option('--until <time>', 'only those refused before this time', moment);
}

export function filterOf({ reason, topic, since, until }: Selection, ids: readonly string[] = []): LetterFilter {
  return {
    ...(ids.length === 0 ? {} : { ids: new Set(ids) }),
    ...(reason.length === 0 ? {} : { reasons: new Set(reason) }),
    ...(topic.length === 0 ? {} : { topics: new Set(topic) }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}
