import { Command, Option } from 'commander';
import { createPost } from '../../notify/post.ts';
import { outcomeOf, sendTest } from '../../notify/send-test.ts';
import { targetNamed, targetNames } from '../../notify/targets/from-config.ts';
import { didYouMean } from '../../platform/suggest.ts';
import type { Severity } from '../../records/alert.ts';
import { type CommonOptions, configOf, withConfig } from '../common.ts';
import { jsonText } from '../output.ts';

interface Options extends CommonOptions {
  severity: Severity;
  json?: boolean;
}

export function testCommand(): Command {
  return withConfig(new Command('test'))
    .description('send one target an alert marked TEST and then its end, and show what it answers')
    .argument('<target>', 'name of a target, or webhook for notify.webhook_url')
    .addOption(
      new Option('--severity <severity>', 'page wakes whoever is on call')
        .choices(['page', 'ticket', 'info'])
        .default('info'),
    )
    .option('--json', 'print the answers as JSON')
    .addHelpText(
      'after',
      `
One attempt each, past routes and quiet hours; needs no Kafka.

Example:
  stillwatch notify test oncall --config stillwatch.yaml

Exit codes: 0 it took both, 1 it did not, 2 wrong use.
`,
    )
    .action(async (name: string, { severity, json, ...common }: Options, command: Command) => {
      const { config, secret } = configOf(common);
      const target = targetNamed(config, name, secret);
      if (target === null) {
        const names = targetNames(config);
        return command.error(
          `error: there is no target ${name}${didYouMean(name, names)}; there are ${names.join(', ') || 'none: see notify.targets'}`,
          { exitCode: 2 },
        );
      }
      const post = createPost();
      for await (const { type, attempt, answer } of sendTest(target, post, severity, Date.now())) {
        const isTaken = attempt.outcome === 'delivered';
        if (json === true) process.stdout.write(jsonText({ target: name, type, ...attempt }));
        else
          process.stdout.write(
            `${type}: ${isTaken ? 'taken' : 'not taken'}, ${outcomeOf(attempt)}${answer === '' ? '' : `\n  ${answer}`}\n`,
          );
        if (!isTaken) process.exitCode = 1;
      }
    });
}
