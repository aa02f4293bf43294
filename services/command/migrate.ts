import { Command } from 'commander';
import { allStatements, migrateDown, migrateUp, newestMigration, pendingMigrations } from '../sink/migrate.ts';
import { withClickHouse } from './clickhouse.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';

/** `stillwatch migrate`. */
export function migrateCommand(): Command {
  const migrate = new Command('migrate').description('the tables in ClickHouse: bring them up to date, or back');
  withConfig(migrate.command('status'))
    .description('say which migrations are not applied yet; changes nothing')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  CLICKHOUSE_URL=http://clickhouse:8123 stillwatch migrate status\n\nExit codes: 0 told, whether some are pending or not; 1 ClickHouse does not answer; 2 wrong use.\n',
    )
    .action(async ({ json, ...common }: CommonOptions & { json?: boolean }) => {
      const pending = await withClickHouse(common, pendingMigrations);
      if (json === true) process.stdout.write(`${JSON.stringify({ pending })}\n`);
      else
        process.stdout.write(
          pending.length === 0 ? 'up to date\n' : pending.map((name) => `pending ${name}\n`).join(''),
        );
    });
  withConfig(migrate.command('up'))
    .description('apply those that are pending; `run sink` does the same when it starts')
    .option('--json', 'print what was applied as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  CLICKHOUSE_URL=http://clickhouse:8123 stillwatch migrate up\n\nExit codes: 0 up to date, 1 failed: what was applied before stays, and it can be run again; 2 wrong use.\n',
    )
    .action(async ({ json, ...common }: CommonOptions & { json?: boolean }) => {
      const { cluster } = configOf(common).config.clickhouse;
      const done = await withClickHouse(common, (clickHouse, database) => migrateUp(clickHouse, database, cluster));
      if (json === true) process.stdout.write(`${JSON.stringify({ applied: done })}\n`);
      else process.stdout.write(done.length === 0 ? 'up to date\n' : done.map((name) => `applied ${name}\n`).join(''));
    });
  withConfig(migrate.command('down'))
    .description('take the newest one back, with the columns and tables that it made and what is in them')
    .option('--yes', 'do it; without this it is only named')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nStop sink first: it would apply the migration again when it starts. Run the version that has the migration, then start the older one.\n\nExample:\n  CLICKHOUSE_URL=http://clickhouse:8123 stillwatch migrate down --yes\n\nExit codes: 0 taken back, or named; 1 failed; 2 wrong use.\n',
    )
    .action(async ({ yes, json, ...common }: CommonOptions & { yes?: boolean; json?: boolean }) => {
      const { cluster } = configOf(common).config.clickhouse;
      const name = await withClickHouse(common, (clickHouse, database) =>
        yes === true ? migrateDown(clickHouse, database, cluster) : newestMigration(clickHouse, database),
      );
      if (json === true)
        process.stdout.write(`${JSON.stringify({ migration: name, taken_back: yes === true && name !== null })}\n`);
      else if (name === null) process.stdout.write('nothing is applied\n');
      else
        process.stdout.write(
          yes === true ? `took back ${name}\n` : `would take back ${name}, and delete what it holds: --yes does it\n`,
        );
    });
  withConfig(migrate.command('print'))
    .description('the statements that make all tables, for whoever runs them by hand; asks nobody')
    .option('--cluster <name>', 'as a cluster of that name needs them, instead of clickhouse.cluster')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch migrate print --cluster prod > tables.sql\n\nExit codes: 0 printed, 1 the configuration has errors, 2 wrong use.\n',
    )
    .action(async ({ cluster, json, ...common }: CommonOptions & { cluster?: string; json?: boolean }) => {
      const { config } = configOf(
        cluster === undefined ? common : { ...common, set: [...(common.set ?? []), `clickhouse.cluster=${cluster}`] },
      );
      const all = await allStatements(config.clickhouse.database, config.clickhouse.cluster);
      if (json === true) process.stdout.write(`${JSON.stringify({ statements: all })}\n`);
      else process.stdout.write(all.map((statement) => `${statement};\n\n`).join(''));
    });
  return migrate;
}
