import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startClickHouse } from '../clickhouse/start.ts';
import { startKafka } from '../kafka/start.ts';
import { createServiceProcess, type ServiceProcess } from './service-process.ts';

export const SERVICE_NAMES = ['calls', 'links', 'clusters', 'sink', 'notify', 'console'] as const;
export type StackService = (typeof SERVICE_NAMES)[number];

export interface StackOptions {
  /** Data and logs. */
  dir: string;
  partitions: number;
  webhookUrl: string;
  /** Settings beyond these, as environment variables. */
  env?: Readonly<Record<string, string>>;
  /** The same for one service alone. */
  envOf?(name: StackService): Readonly<Record<string, string>>;
  tell?: (line: string) => void;
  ended?(name: string, code: number | null, signal: NodeJS.Signals | null): void;
  /** Fixed ports for people; free ones when absent. */
  consolePort?: number;
  /** Kafka and ClickHouse of the caller's own, which it starts and stops; else those of KAFKA_BROKERS and CLICKHOUSE_URL. */
  given?: { brokers: string; clickHouseUrl: string; database?: string };
  /** The script that services are run with; the product's own when absent. */
  main?: string;
  /** All of them when absent. */
  names?: readonly StackService[];
}

export interface Stack {
  /** What every process of the stack has in its environment. */
  env: Readonly<Record<string, string>>;
  brokers: string;
  clickHouseUrl: string;
  database: string;
  services: ReadonlyMap<StackService, ServiceProcess>;
  startServices(): Promise<void>;
  stopServices(): Promise<void>;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '../../services/main.ts');
const run = promisify(execFile);

/** Kafka, ClickHouse, topics, and a process for each service; each of the first two only where none is given by KAFKA_BROKERS and CLICKHOUSE_URL. */
export async function createStack({
  dir,
  partitions,
  webhookUrl,
  env = {},
  envOf = () => ({}),
  tell = () => {},
  ended,
  consolePort,
  given = { brokers: process.env['KAFKA_BROKERS'] ?? '', clickHouseUrl: process.env['CLICKHOUSE_URL'] ?? '' },
  main,
  names = SERVICE_NAMES,
}: StackOptions): Promise<Stack> {
  await mkdir(dir, { recursive: true });
  tell(given.brokers === '' ? 'Starting Kafka ...' : `Using Kafka at ${given.brokers}`);
  const kafka = given.brokers === '' ? await startKafka({ dir: join(dir, 'kafka'), tell }) : null;
  tell(given.clickHouseUrl === '' ? 'Starting ClickHouse ...' : 'Using the given ClickHouse');
  const clickHouse =
    given.clickHouseUrl === ''
      ? await startClickHouse({ dir: join(dir, 'clickhouse') }).catch(async (error) => {
          await kafka?.stop();
          throw error;
        })
      : null;
  const brokers = kafka?.brokers ?? given.brokers;
  const clickHouseUrl = clickHouse?.url ?? given.clickHouseUrl;
  const database = clickHouse === null ? (given.database ?? `stillwatch_${process.pid}_${Date.now()}`) : 'stillwatch';
  const all: Record<string, string> = {
    KAFKA_BROKERS: brokers,
    CLICKHOUSE_URL: clickHouseUrl,
    STILLWATCH_CLICKHOUSE_DATABASE: database,
    STILLWATCH_TOPICS_PARTITIONS: String(partitions),
    STILLWATCH_NOTIFY_WEBHOOK_URL: webhookUrl,
    STILLWATCH_NOTIFY_WEBHOOK_ALLOW_PRIVATE_ADDRESS: 'true',
    STILLWATCH_NOTIFY_TEST_KEY: randomBytes(24).toString('base64url'),
    STILLWATCH_CONSOLE_PORT: String(consolePort ?? 0),
    STILLWATCH_LOG_FORMAT: 'json',
    ...env,
  };
  const services = new Map<StackService, ServiceProcess>(
    names.map((name) => [
      name,
      createServiceProcess({
        name,
        env: { ...all, ...envOf(name) },
        logFile: join(dir, `${name}.log`),
        ...(ended === undefined ? {} : { ended }),
        ...(main === undefined ? {} : { main }),
      }),
    ]),
  );
  const stopServices = async (): Promise<void> => {
    await Promise.all([...services.values()].map((service) => service.stop()));
  };
  const stop = async (): Promise<void> => {
    await stopServices();
    await clickHouse?.stop();
    await kafka?.stop();
  };
  try {
    tell('Creating topics ...');
    await run(process.execPath, [MAIN, 'topics', 'apply'], { env: { ...process.env, ...all } });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env: all,
    brokers,
    clickHouseUrl,
    database,
    services,
    async startServices() {
      // The tables first: the console reads what the sink makes. The console last: it asks the others how far they are.
      for (const service of services.values()) if (service.name === 'sink') await service.start();
      const others = [...services.values()].filter(({ name }) => name !== 'sink' && name !== 'console');
      await Promise.all(others.map((service) => service.start()));
      const addresses = [...services.values()]
        .filter(({ name }) => name !== 'console')
        .map((one) => `${one.name}=${one.url()}`);
      await services.get('console')?.start({ STILLWATCH_CONSOLE_SERVICES: addresses.join(',') });
    },
    stopServices,
    stop,
  };
}
