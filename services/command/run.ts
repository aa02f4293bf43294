import { Command } from 'commander';
import { startHealthServer } from '../platform/health.ts';
import { createLog } from '../platform/log.ts';
import { closeAll, closeOnSignal } from '../platform/shutdown.ts';
import { createContext } from '../run/context.ts';
import { SERVICES, type ServiceName } from '../run/services.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';

const NAMES = Object.keys(SERVICES) as ServiceName[];

export function runCommand(): Command {
  return withConfig(new Command('run'))
    .description(`run one service until it is told to stop: ${NAMES.join(', ')}`)
    .argument('<service>', NAMES.join(' | '))
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 CLICKHOUSE_URL=http://default:@clickhouse:8123 stillwatch run calls --set http.port=9100\n',
    )
    .action(async (name: string, options: CommonOptions, command: Command) => {
      const service = NAMES.find((candidate) => candidate === name);
      if (service === undefined)
        return command.error(`error: there is no service ${name}; there are ${NAMES.join(', ')}`, { exitCode: 2 });
      await run(service, options);
    });
}

async function run(name: ServiceName, options: CommonOptions): Promise<void> {
  const loaded = configOf(options);
  const { config } = loaded;
  const log = createLog({
    service: name,
    level: config.log.level,
    format: config.log.format,
    isTerminal: process.stderr.isTTY === true,
  });
  const context = await createContext(name, loaded, log);
  const service = await SERVICES[name](context);
  const health = await startHealthServer({
    host: config.http.host,
    port: config.http.port,
    ready: service.ready,
    metrics: context.metrics.text,
    status: service.status,
  });
  const closers = [
    { name: 'readiness', close: async () => health.drain() },
    ...service.closers,
    { name: 'health server', close: () => health.close() },
  ];
  closeOnSignal(process, closers, log);
  // Whoever starts us with a channel is told where we are, and takes us with it when it dies.
  process.on('disconnect', () => process.exit(1));
  try {
    await service.start();
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
  log.info({ url: health.url }, 'started');
  process.send?.({ service: name, url: health.url });
}
