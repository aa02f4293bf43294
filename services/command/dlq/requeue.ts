import { Command } from 'commander';
import { REQUEUE_HEADERS, rehearse, requeue } from '../../dead-letters/requeue.ts';
import { REQUEUED_TOPICS } from '../../dead-letters/way-back.ts';
import { LISTED_IN_AUDIT } from '../../feedback/audit.ts';
import { TOPICS } from '../../stream/topics.ts';
import { type KafkaChangeOptions, recordKafkaChange, withKafkaAuthor } from '../audit.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { openCommandKafka } from '../kafka.ts';
import { createProgress } from '../progress.ts';
import { noSuchLetter } from './no-such-letter.ts';
import { filterOf, type Selection, withSelection } from './selection.ts';

interface Options extends CommonOptions, KafkaChangeOptions, Selection {
  all?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function requeueCommand(): Command {
  return withKafkaAuthor(withSelection(withConfig(new Command('requeue'))))
    .description('send the original messages of dead letters to their topics again, each once, after a fix')
    .argument('[letters...]', 'their places as ls prints them: topic/partition/offset')
    .option('--all', 'every letter that is kept')
    .option('--dry-run', 'say how many would be sent; sends nothing')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
First mend what refused them: what is still wrong comes back as a new dead letter. Original bytes and key go to the topic and partition that
they came from, with the headers ${Object.values(REQUEUE_HEADERS).join(', ')}.

Once: a message and the record that it was requeued (topic ${TOPICS.requeued}) are one transaction. Asked again, killed on the way and run again, or
run by two people at once, a letter is sent once; of two people the one who began later goes on, and the other is told so (exit code 1).

A call keeps its event time. One that is older than the watermark by now is late: it changes no window and no alert, goes to the topic
${TOPICS.lateCalls} and is counted (stillwatch_stream_decisions_total, name "late"). To have such calls in the figures, replay them: stillwatch replay.

Only letters from ${[...REQUEUED_TOPICS].join(' and ')} go back. What stillwatch itself wrote is bound to its place in event time.

Examples:
  KAFKA_BROKERS=kafka:9092 CLICKHOUSE_URL=http://clickhouse:8123 stillwatch dlq requeue llm.api-calls/0/1723
  KAFKA_BROKERS=kafka:9092 stillwatch dlq requeue --reason unknown_schema --since 2026-04-22T12:00:00Z --dry-run

Exit codes: 0 all that were meant are requeued, now or before; 1 one of those named does not exist, somebody else took over, or Kafka or the
audit log does not answer; 2 wrong use.
`,
    )
    .action(async (ids: string[], { all, dryRun, json, by, audit, ...options }: Options, command: Command) => {
      const filter = filterOf(options, ids);
      const isAny = Object.keys(filter).length === 0;
      if (isAny !== (all === true))
        return command.error(
          isAny
            ? 'error: say which: name letters, or give --reason, --topic, --since or --until, or --all'
            : 'error: --all stands alone',
          { exitCode: 2 },
        );
      const deps = await openCommandKafka(options, 'dlq');
      if (dryRun !== true) await recordKafkaChange({ ...options, by, audit }, requeueing(ids, options));
      const bar = createProgress(process.stderr, Date.now);
      const summary =
        dryRun === true
          ? await rehearse(deps, filter)
          : await requeue({ ...deps, now: Date.now, progress: (sent) => bar.at(null, `${sent} requeued ...`) }, filter);
      bar.end();
      const { requeued, already, internal, missing } = summary;
      if (json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
      else
        process.stdout.write(
          `${requeued} ${dryRun === true ? 'would be requeued' : 'requeued'}, ${already} had been before${internal === 0 ? '' : `, ${internal} left alone: written by stillwatch itself`}\n`,
        );
      if (missing.length > 0) throw noSuchLetter(...missing);
    });
}

/** The change as the audit log has it: what was asked for. */
function requeueing(ids: readonly string[], { topic, reason, since, until }: Selection) {
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    action: 'requeue',
    target: topic.join(', '),
    detail: { letters: ids.slice(0, LISTED_IN_AUDIT), reason: reason.join(', '), since: iso(since), until: iso(until) },
  } as const;
}
