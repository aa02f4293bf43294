import { Command } from 'commander';
import { publishRules, rehearseRules } from '../../rules/publish.ts';
import { readRules } from '../../run/context.ts';
import { type KafkaChangeOptions, recordKafkaChange, withKafkaAuthor } from '../audit.ts';
import { type CommonOptions, moment, requireFiles, withConfig } from '../common.ts';
import { openCommandKafka } from '../kafka.ts';

interface Options extends CommonOptions, KafkaChangeOptions {
  at?: number | null;
  dryRun?: boolean;
  json?: boolean;
}

export function applyCommand(): Command {
  return withKafkaAuthor(withConfig(new Command('apply')))
    .description('bring a rule file into force in the running system, without a restart')
    .argument('<file>', 'rule file')
    .option(
      '--at <time>',
      'event time from which it holds; without it, the next whole hour that no task has reached',
      moment,
    )
    .option('--dry-run', 'say from when it would hold; publishes nothing')
    .option('--json', 'print what was published as JSON')
    .addHelpText(
      'after',
      `
All scoring tasks change at the same window: those that end at or after the time are judged by the new rules. Every alert and
every window names the rules that it was judged by. Until then nothing changes; applying the old file again takes it back. Who applied it goes into the audit log, in ClickHouse.

Example:
  KAFKA_BROKERS=kafka:9092 CLICKHOUSE_URL=http://clickhouse:8123 stillwatch rules apply new.yaml --by kim

Exit codes: 0 published, or would be; 1 it has errors, the time has passed, or Kafka or the audit log does not answer; 2 wrong use.
`,
    )
    .action(async (file: string, { at = null, dryRun, json, by, audit, ...common }: Options) => {
      requireFiles([file], 'check the name');
      const rules = readRules(file);
      const { kafka, codecs } = await openCommandKafka(common, 'rules');
      const deps = { kafka, codecs, now: Date.now };
      if (dryRun !== true)
        await recordKafkaChange(
          { ...common, by, audit },
          {
            action: 'apply rules',
            target: rules.hash,
            detail: { file, at: at === null ? null : new Date(at).toISOString() },
          },
        );
      const { version, late } =
        dryRun === true
          ? { version: await rehearseRules(deps, rules, 'operator', at), late: false }
          : await publishRules(deps, rules, 'operator', at);
      const effective = version.effective_at === 0 ? 'the beginning' : new Date(version.effective_at).toISOString();
      if (json === true)
        process.stdout.write(`${JSON.stringify({ hash: rules.hash, effective_at: version.effective_at, late })}\n`);
      else
        process.stdout.write(
          `rules ${rules.hash} ${dryRun === true ? 'would hold' : 'hold'} from ${effective} of event time on\n`,
        );
      if (late)
        process.stderr.write('scoring got there first: some windows that end then are judged by the old rules\n');
    });
}
