import { Argument, Command } from 'commander';
import { runService } from '../run/process.ts';
import { SERVICES, type ServiceName } from '../run/services.ts';
import { createKafkaClient } from '../stream/kafka/client.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';

const NAMES = Object.keys(SERVICES) as ServiceName[];

export function runCommand(): Command {
  return withConfig(new Command('run'))
    .description(`run one service until it is told to stop: ${NAMES.join(', ')}`)
    .addArgument(new Argument('<service>').choices(NAMES))
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 CLICKHOUSE_URL=http://default:@clickhouse:8123 stillwatch run calls --set http.port=9100\n\nExit codes: 0 told to stop, 1 it did not start, or failed and may be started again; 2 wrong use; 3 it needs a person: starting it again will not help.\n',
    )
    .action(async (service: ServiceName, options: CommonOptions) => {
      await runService(service, configOf(options), createKafkaClient);
    });
}
