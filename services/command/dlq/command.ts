import { Command } from 'commander';
import { lsCommand } from './ls.ts';
import { requeueCommand } from './requeue.ts';
import { showCommand } from './show.ts';

/** `stillwatch dlq`. */
export function dlqCommand(): Command {
  return new Command('dlq')
    .description('dead letters: messages that could not be processed, and how they come back')
    .addCommand(lsCommand())
    .addCommand(showCommand())
    .addCommand(requeueCommand())
    .addHelpText('after', '\nWhat each reason means and what to do: infra/runbooks/dead-letters.md\n');
}
