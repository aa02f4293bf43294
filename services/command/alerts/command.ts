import { Command } from 'commander';
import { ackCommand } from './ack.ts';
import { allowCommand } from './allow.ts';
import { exportCommand } from './export.ts';
import { lsCommand } from './ls.ts';
import { markCommand } from './mark.ts';
import { precisionCommand } from './precision.ts';
import { showCommand } from './show.ts';

/** `stillwatch alerts`. */
export function alertsCommand(): Command {
  return new Command('alerts')
    .description('alerts in ClickHouse: read them, say what they were, except whom they should not name')
    .addCommand(lsCommand())
    .addCommand(showCommand())
    .addCommand(ackCommand())
    .addCommand(markCommand())
    .addCommand(precisionCommand())
    .addCommand(allowCommand())
    .addCommand(exportCommand())
    .addHelpText(
      'after',
      '\nAfter a false alarm:\n  stillwatch alerts mark a_c_1 false --by kim --note "their nightly evaluation"\n  stillwatch alerts allow a_c_1 --owner trust@example.org --reason "nightly evaluation" --expires 2026-12-31 --rules rules.yaml --write\n  stillwatch rules apply rules.yaml\n',
    );
}
