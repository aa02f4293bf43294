import { Command } from 'commander';
import { routesCommand } from './routes.ts';
import { testCommand } from './test.ts';
import { undeliveredCommand } from './undelivered.ts';

/** `stillwatch notify`. */
export function notifyCommand(): Command {
  return new Command('notify')
    .description("delivery of alerts to people's tools: who would be told, does it arrive, what did not")
    .addCommand(routesCommand())
    .addCommand(testCommand())
    .addCommand(undeliveredCommand());
}
