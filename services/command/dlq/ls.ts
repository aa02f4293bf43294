import { Command } from 'commander';
import { type Letter, letterId, readLetters } from '../../dead-letters/letter.ts';
import { readRequeued, requeuedKey } from '../../dead-letters/requeued.ts';
import { TOPICS } from '../../stream/topics.ts';
import { type CommonOptions, wholeNumber, withConfig } from '../common.ts';
import { openCommandKafka } from '../kafka.ts';
import { jsonText } from '../output.ts';
import { formatTable, formatTime } from '../table.ts';
import { filterOf, type Selection, withSelection } from './selection.ts';

interface Options extends CommonOptions, Selection {
  pending?: boolean;
  limit?: number;
  json?: boolean;
}

/** What is listed of a letter: never its bytes. */
type Listed = Pick<Letter, 'topic' | 'partition' | 'offset' | 'reason' | 'detail' | 'timestamp' | 'rejected_at'> & {
  letter: string;
  bytes: number;
  requeued_at: number | null;
};

const MOST_SHOWN = 50;

export function lsCommand(): Command {
  return withSelection(withConfig(new Command('ls')))
    .description(`messages that could not be processed, newest first: the topic ${TOPICS.deadLetters}`)
    .option('--pending', 'only those that were not requeued')
    .option('--limit <number>', `at most so many of the newest (default: ${MOST_SHOWN}; with --json, all)`, wholeNumber)
    .option('--json', 'print one JSON object a line, oldest first')
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 stillwatch dlq ls --reason unknown_schema --since 2026-04-22T12:00:00Z\n\nExit codes: 0 listed, 1 Kafka does not answer, 2 wrong use.\n',
    )
    .action(async ({ pending, limit, json, ...options }: Options) => {
      const deps = await openCommandKafka(options, 'dlq');
      const requeued = await readRequeued(deps);
      const most = limit ?? (json === true ? Number.POSITIVE_INFINITY : MOST_SHOWN);
      const newest: Listed[] = [];
      const byReason = new Map<string, number>();
      let found = 0;
      for await (const letter of readLetters(deps, filterOf(options))) {
        const listed = listedOf(letter, requeued.get(requeuedKey(letter)) ?? null);
        if (pending === true && listed.requeued_at !== null) continue;
        found++;
        byReason.set(letter.reason, (byReason.get(letter.reason) ?? 0) + 1);
        newest.push(listed);
        if (newest.length > most) newest.shift();
      }
      if (json === true) for (const listed of newest) process.stdout.write(jsonText(listed));
      else process.stdout.write(table(newest.reverse(), found, byReason));
    });
}

function listedOf(letter: Letter, requeuedAt: number | null): Listed {
  const { topic, partition, offset, reason, detail, timestamp, rejected_at, value } = letter;
  return {
    letter: letterId(letter),
    topic,
    partition,
    offset,
    reason,
    detail,
    bytes: value?.length ?? 0,
    timestamp,
    rejected_at,
    requeued_at: requeuedAt,
  };
}

function table(shown: readonly Listed[], found: number, byReason: ReadonlyMap<string, number>): string {
  const rows = shown.map(({ letter, reason, bytes, rejected_at, requeued_at, detail }) => [
    letter,
    reason,
    String(bytes),
    formatTime(rejected_at),
    requeued_at === null ? '' : formatTime(requeued_at),
    detail,
  ]);
  const reasons = [...byReason]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
  const rest = found > shown.length ? `, the newest ${shown.length} shown: --limit ${found}` : '';
  return `${formatTable(['letter', 'reason', 'bytes', 'refused', 'requeued', 'what is wrong'], rows)}\n${found} in all${rest}${reasons === '' ? '' : `: ${reasons}`}\n`;
}
