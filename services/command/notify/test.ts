import { Command, Option } from 'commander';
import { messageId } from '../../clusters/alert-message.ts';
import { type Attempt, createPost } from '../../notify/post.ts';
import { targetNamed, targetNames } from '../../notify/targets/from-config.ts';
import { testAlert } from '../../notify/test-alert.ts';
import { printable } from '../../platform/printable.ts';
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
      const now = Date.now();
      for (const event of testAlert(now, severity)) {
        const request = target.request({ event, messageId: messageId(event.alert), told: null, now });
        const attempt = await post(request, target.allowPrivateAddress);
        if (json === true) process.stdout.write(jsonText({ target: name, type: event.type, ...attempt }));
        else process.stdout.write(`${event.type}: ${describe(attempt)}\n`);
        if (attempt.outcome === 'delivered') continue;
        process.exitCode = 1;
        return;
      }
    });
}

/** The answer is somebody else's text: what would steer a terminal is not in it. */
function describe({ outcome, answer, ...attempt }: Attempt): string {
  const said = printable(answer?.body.replaceAll(/\p{Cc}+/gu, ' ').trim() ?? '');
  const what = outcome === 'delivered' ? 'taken' : 'not taken';
  const why = answer === null && 'why' in attempt ? attempt.why : `HTTP ${answer?.status}`;
  return `${what}, ${why}${said === '' ? '' : `\n  ${said}`}`;
}
