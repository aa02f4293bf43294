import { Argument, Command, Option } from 'commander';
import {
  CLICKHOUSE_GRANTS,
  CLICKHOUSE_USERS,
  type ClickHouseGrant,
  type ClickHouseUser,
  grantOf,
} from '../run/access/clickhouse-grants.ts';
import { KAFKA_PRINCIPALS, type KafkaPrincipal, type KafkaRight, kafkaRightsOf } from '../run/access/kafka-rights.ts';
import { LOCAL } from '../sink/cluster.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';
import { formatTable } from './table.ts';

interface KafkaOptions extends CommonOptions {
  commands?: boolean;
  prefix: string;
  json?: boolean;
}

interface ClickHouseOptions extends CommonOptions {
  prefix: string;
  json?: boolean;
}

/** `stillwatch access`: what to grant. Asks nobody and changes nothing. */
export function accessCommand(): Command {
  const access = new Command('access').description('the least rights that each service needs, at Kafka and ClickHouse');
  withConfig(access.command('kafka'))
    .description('ACLs: a table, or the commands that grant them')
    .addArgument(new Argument('[principal]', 'all when absent').choices(KAFKA_PRINCIPALS))
    .addOption(new Option('--commands', 'print them for kafka-acls.sh').conflicts('json'))
    .option('--json', 'print them as JSON')
    .option('--prefix <text>', 'what comes before the name in the names of the users', '')
    .addHelpText(
      'after',
      '\nThe rights of console include those of dlq where console.requeue is set.\n\nExample:\n  stillwatch access kafka calls --commands --prefix stillwatch- | while read -r line; do kafka-acls.sh --bootstrap-server kafka:9092 $line; done\n\nExit codes: 0 printed, 1 the configuration has errors, 2 wrong use.\n',
    )
    .action((principal: KafkaPrincipal | undefined, { commands, prefix, json, ...common }: KafkaOptions) => {
      const { config } = configOf(common);
      const shown = KAFKA_PRINCIPALS.filter((candidate) => principal === undefined || candidate === principal);
      const lines = shown.flatMap((name) =>
        kafkaRightsOf(name, config).map((right) => ({ user: `${prefix}${name}`, right })),
      );
      if (json === true)
        process.stdout.write(`${JSON.stringify(lines.map(({ user, right }) => ({ user, ...right })))}\n`);
      else
        process.stdout.write(
          commands === true
            ? lines.map(({ user, right }) => `${aclArguments(user, right)}\n`).join('')
            : `${formatTable(
                ['user', 'resource', 'name', 'operations'],
                lines.map(({ user, right }) => [user, right.resource, nameOf(right), right.operations.join(', ')]),
              )}\n`,
        );
    });
  withConfig(access.command('clickhouse'))
    .description('the grants, as SQL')
    .addArgument(new Argument('[user]', 'all when absent').choices(CLICKHOUSE_USERS))
    .option('--prefix <text>', 'what comes before the name in the names of the users', '')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch access clickhouse console --prefix stillwatch_ | clickhouse-client --multiquery\n\nExit codes: 0 printed, 1 the configuration has errors, 2 wrong use.\n',
    )
    .action((user: ClickHouseUser | undefined, { prefix, json, ...common }: ClickHouseOptions) => {
      const { database, cluster } = configOf(common).config.clickhouse;
      const grants = CLICKHOUSE_USERS.filter((candidate) => user === undefined || candidate === user).flatMap((name) =>
        CLICKHOUSE_GRANTS[name]
          .flatMap((one) => (cluster === '' ? one : withLocal(one)))
          .map(({ privileges, table }) => ({ user: `${prefix}${name}`, database, privileges, table })),
      );
      process.stdout.write(
        json === true
          ? `${JSON.stringify(grants)}\n`
          : grants.map((grant) => `GRANT ${grantOf(grant, database)} TO ${grant.user};\n`).join(''),
      );
    });
  return access;
}

/** On a cluster the rows are in another table, which must be granted, too. */
function withLocal(grant: ClickHouseGrant): ClickHouseGrant[] {
  return grant.table === '*' || grant.isView ? [grant] : [grant, { ...grant, table: `${grant.table}${LOCAL}` }];
}

/** With a star where every name that begins so is meant. */
export function nameOf({ name, pattern }: KafkaRight): string {
  return pattern === 'prefixed' ? `${name}*` : name;
}

function aclArguments(user: string, { resource, name, pattern, operations }: KafkaRight): string {
  const wanted = operations.map((operation) => `--operation ${operation}`).join(' ');
  return `--add --allow-principal User:${user} ${wanted} --${resource} ${name} --resource-pattern-type ${pattern}`;
}
