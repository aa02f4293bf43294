import { Command } from 'commander';
import { accessCommand } from './command/access.ts';
import { accountsCommand } from './command/accounts.ts';
import { alertsCommand } from './command/alerts/command.ts';
import { backtestCommand } from './command/backtest.ts';
import { clustersCommand } from './command/clusters.ts';
import { type CommonOptions, configOf, exitTwoOnWrongUse, withConfig } from './command/common.ts';
import { completionCommand } from './command/completion.ts';
import { consoleCommand } from './command/console.ts';
import { dlqCommand } from './command/dlq/command.ts';
import { doctorCommand } from './command/doctor.ts';
import { featuresCommand } from './command/features.ts';
import { migrateCommand } from './command/migrate.ts';
import { notifyCommand } from './command/notify/command.ts';
import { privacyCommand } from './command/privacy.ts';
import { publishCommand } from './command/publish.ts';
import { replayCommand } from './command/replay.ts';
import { rulesCommand } from './command/rules/command.ts';
import { runCommand } from './command/run.ts';
import { schemaCommand } from './command/schema.ts';
import { topicsCommand } from './command/topics.ts';
import { printConfig } from './platform/config/load.ts';
import { messageOf } from './platform/errors.ts';
import { simulateCommand } from './simulate/command.ts';

const program = new Command('stillwatch')
  .description(
    'Detects model-distillation campaigns on an LLM API: Kafka in, ClickHouse rows and explained alerts out.',
  )
  .showSuggestionAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong use, 3 a service that needs a person.\nTry it without Kafka:\n  stillwatch simulate --scenario demo --seed 1 --out /tmp/traffic\n  stillwatch replay --calls /tmp/traffic/calls.jsonl --accounts /tmp/traffic/accounts.jsonl --out /tmp/replayed\n',
  );

program.addCommand(runCommand());
program.addCommand(replayCommand());
program.addCommand(backtestCommand());
program.addCommand(rulesCommand());
program.addCommand(alertsCommand());
program.addCommand(accountsCommand());
program.addCommand(clustersCommand());
program.addCommand(notifyCommand());
program.addCommand(dlqCommand());
program.addCommand(consoleCommand());
program.addCommand(publishCommand());
program.addCommand(simulateCommand());
program.addCommand(topicsCommand());
program.addCommand(migrateCommand());
program.addCommand(accessCommand());
program.addCommand(schemaCommand());
program.addCommand(featuresCommand());
program.addCommand(doctorCommand());
program.addCommand(privacyCommand());
const config = new Command('config').description('the configuration');
withConfig(config.command('print'))
  .description('every setting in force, secrets masked')
  .option('--origin', 'where each comes from')
  .action((options: CommonOptions & { origin?: boolean }) => {
    process.stdout.write(`${printConfig(configOf(options), options.origin === true)}\n`);
  });
program.addCommand(config);
program.addCommand(completionCommand(program));
exitTwoOnWrongUse(program);

/** What a shell calls the end by SIGPIPE, which Node does not let happen. */
const BROKEN_PIPE = 141;
// Whoever reads the output has seen enough (`| head`): no reason for a stack trace, and nobody to do the rest for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(BROKEN_PIPE);
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`stillwatch: ${messageOf(error)}\n`);
  // Not left to end by itself: what was not closed on the way here (a client that is still trying to connect) would keep a failed service alive for ever.
  process.exit(1);
}
