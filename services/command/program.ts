import { Command } from 'commander';
import { accessCommand } from './access.ts';
import { accountsCommand } from './accounts.ts';
import { alertsCommand } from './alerts/command.ts';
import { backtestCommand } from './backtest.ts';
import { clustersCommand } from './clusters.ts';
import { exitTwoOnWrongUse } from './common.ts';
import { completionCommand } from './completion.ts';
import { configCommand } from './config.ts';
import { consoleCommand } from './console.ts';
import { dlqCommand } from './dlq/command.ts';
import { doctorCommand } from './doctor.ts';
import { featuresCommand } from './features.ts';
import { demoCommand, evaluateCommand } from './from-source.ts';
import { migrateCommand } from './migrate.ts';
import { notifyCommand } from './notify/command.ts';
import { privacyCommand } from './privacy.ts';
import { publishCommand } from './publish.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules/command.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { simulateCommand } from './simulate.ts';
import { topicsCommand } from './topics.ts';

/** The `stillwatch` command with all its verbs. */
export function createProgram(): Command {
  const program = new Command('stillwatch')
    .description(
      'Detects model-distillation campaigns on an LLM API: Kafka in, ClickHouse rows and explained alerts out.',
    )
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong use, 3 a service that needs a person.\nTry it without Kafka:\n  stillwatch simulate --scenario demo --seed 1 --out /tmp/traffic\n  stillwatch replay --calls /tmp/traffic/calls.jsonl --accounts /tmp/traffic/accounts.jsonl --out /tmp/replayed\n',
    );
  for (const command of [
    runCommand(),
    demoCommand(),
    replayCommand(),
    backtestCommand(),
    rulesCommand(),
    alertsCommand(),
    accountsCommand(),
    clustersCommand(),
    notifyCommand(),
    dlqCommand(),
    consoleCommand(),
    publishCommand(),
    simulateCommand(),
    evaluateCommand(),
    topicsCommand(),
    migrateCommand(),
    accessCommand(),
    schemaCommand(),
    featuresCommand(),
    doctorCommand(),
    privacyCommand(),
    configCommand(),
  ])
    program.addCommand(command);
  program.addCommand(completionCommand(program));
  exitTwoOnWrongUse(program);
  return program;
}
