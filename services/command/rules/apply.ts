import { Command } from 'commander';
import { publishRules } from '../../rules/publish.ts';
import { readRules } from '../../run/context.ts';
import { type CommonOptions, moment, requireFiles, withConfig } from '../common.ts';
import { openCommandKafka } from '../kafka.ts';

interface Options extends CommonOptions {
  at?: number;
  json?: boolean;
}

export function applyCommand(): Command {
  return withConfig(new Command('apply'))
    .description('bring a rule file into force in the running system, without a restart')
    .argument('<file>', 'rule file')
    .option(
      '--at <time>',
      'event time from which it holds; without it, the next whole hour that no task has reached',
      moment,
    )
    .option('--json', 'print what was published as JSON')
    .addHelpText(
      'after',
      `
All scoring tasks change at the same window: those that end at or after the time are judged by the new rules. Every alert and
every window names the rules that it was judged by. Until then nothing changes; applying the old file again takes it back.

Example:
  KAFKA_BROKERS=kafka:9092 stillwatch rules apply new.yaml

Exit codes: 0 published; 1 it has errors, the time has passed, or Kafka does not answer; 2 wrong use.
`,
    )
    .action(async (file: string, { at, json, ...common }: Options) => {
      requireFiles([file], 'check the name');
      const rules = readRules(file);
      const { kafka, codecs } = await openCommandKafka(common, 'rules');
      const { version, late } = await publishRules({ kafka, codecs, now: Date.now }, rules, 'operator', at ?? null);
      const effective = version.effective_at === 0 ? 'the beginning' : new Date(version.effective_at).toISOString();
      if (json === true)
        process.stdout.write(`${JSON.stringify({ hash: rules.hash, effective_at: version.effective_at, late })}\n`);
      else process.stdout.write(`rules ${rules.hash} hold from ${effective} of event time on\n`);
      if (late)
        process.stderr.write('scoring got there first: some windows that end then are judged by the old rules\n');
    });
}
