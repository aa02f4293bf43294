import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { newClusterId } from '../../infra/kafka/layout.ts';
import { freePorts } from '../../infra/kafka/ports.ts';
import { serverProperties } from '../../infra/kafka/properties.ts';

export interface Images {
  kafka: string;
  clickHouse: string;
}

/** What the product asks of the environment. */
export interface Backend {
  env: { KAFKA_BROKERS: string; CLICKHOUSE_URL: string };
  stop(): Promise<void>;
}

const START_TIMEOUT = 180_000;
const CONTROLLER_PORT = 29_093;

/**
 * A fresh Kafka and a fresh ClickHouse: a test file must not find what another has left. `stoppable` is given, before anything is started, what removes as
 * much as there is: whoever is told to stop meanwhile must not leave it behind.
 */
export async function startBackend(
  { kafka, clickHouse }: Images,
  stoppable: (stop: () => Promise<void>) => void,
): Promise<Backend> {
  const [kafkaPort = 0, httpPort = 0] = await freePorts(2);
  const started: Promise<StartedTestContainer>[] = [];
  let stopping: Promise<void> | null = null;
  // One that has not started yet is waited for: before that there is nothing to remove it by.
  const stopAll = async (): Promise<void> => {
    for (const container of await Promise.allSettled(started))
      if (container.status === 'fulfilled') await container.value.stop();
  };
  const stop = (): Promise<void> => {
    stopping ??= stopAll();
    return stopping;
  };
  const begin = async (start: () => Promise<StartedTestContainer>): Promise<void> => {
    if (stopping !== null) throw new Error('told to stop');
    const container = start();
    started.push(container);
    await container;
  };
  stoppable(stop);
  try {
    await begin(() => startKafka(kafka, kafkaPort));
    const password = randomBytes(12).toString('hex');
    await begin(() => startClickHouse(clickHouse, httpPort, password));
    return {
      env: {
        KAFKA_BROKERS: `127.0.0.1:${kafkaPort}`,
        CLICKHOUSE_URL: `http://default:${password}@127.0.0.1:${httpPort}`,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * With the settings of the local broker, which tests count on. What it advertises has to be known before it starts, and to lead to it from inside of the
 * container too: it talks to itself. Hence the same port on both sides.
 */
function startKafka(image: string, port: number): Promise<StartedTestContainer> {
  const place = { id: 1, port, controllerPort: CONTROLLER_PORT };
  const settings = Object.fromEntries(
    serverProperties(place, [place], '/tmp/kafka-logs')
      .trim()
      .split('\n')
      .map((line) => [variableOf(line.slice(0, line.indexOf('='))), line.slice(line.indexOf('=') + 1)]),
  );
  return new GenericContainer(image)
    .withEnvironment({
      ...settings,
      CLUSTER_ID: newClusterId(),
      KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:${CONTROLLER_PORT}`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      // Kafka's own again: nobody kills this broker, and one that is kept waiting for two seconds must not be taken for dead.
      KAFKA_BROKER_SESSION_TIMEOUT_MS: '9000',
    })
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(START_TIMEOUT)
    .start();
}

/** As Kafka's image reads them. */
function variableOf(setting: string): string {
  return `KAFKA_${setting.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`;
}

async function startClickHouse(image: string, port: number, password: string): Promise<StartedTestContainer> {
  const container = await new GenericContainer(image)
    .withEnvironment({ CLICKHOUSE_USER: 'default', CLICKHOUSE_PASSWORD: password })
    .withExposedPorts({ container: 8_123, host: port })
    .withWaitStrategy(Wait.forLogMessage(/./))
    .withStartupTimeout(START_TIMEOUT)
    .start();
  const end = performance.now() + START_TIMEOUT;
  // The official image says nothing when it is up: it answers.
  while (performance.now() < end) {
    const isUp = await fetch(`http://127.0.0.1:${port}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return container;
    await delay(200);
  }
  await container.stop();
  throw new Error(`${image} did not answer on port ${port} within ${START_TIMEOUT / 1_000} s`);
}
