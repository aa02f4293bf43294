import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { type LocalClickHouse, startClickHouse } from '../../../infra/clickhouse/start.ts';
import { type KafkaCluster, startKafka } from '../../../infra/kafka/start.ts';
import { createServiceProcess, type ServiceProcess } from '../../../infra/local/service-process.ts';
import { createStack, type Stack, type StackService } from '../../../infra/local/stack.ts';
import type { ClickHouse } from '../../../services/platform/clickhouse.ts';
import { type Admin, createKafkaClient, type KafkaClient } from '../../../services/stream/kafka/client.ts';
import { openClickHouseForTest, type Recorder, recordWebhooks } from '../../support/pipeline.ts';
import { type ClickHouseProxy, startClickHouseProxy } from './clickhouse-proxy.ts';
import { FAULT_PLAN, type FaultPlan } from './fault-points.ts';
import type { InputMessage } from './input.ts';
import { type KafkaProxy, startKafkaProxy } from './kafka-proxy.ts';
import { createPatientAdmin, within } from './patient-admin.ts';
import { alertsUntold, endsOfStored, tellAgain, whatIsBehind, whatIsNotScored, whatIsNotTold } from './progress.ts';
import { createPublisher } from './publisher.ts';
import { type Registry, startRegistry } from './registry.ts';
import { type Snapshot, takeSnapshot, writtenTwice } from './snapshot.ts';

/** The services whose output is compared. */
export const VICTIMS = ['calls', 'links', 'clusters', 'sink', 'notify'] as const satisfies readonly StackService[];
export type Victim = (typeof VICTIMS)[number];

/** One run: Kafka, ClickHouse behind a proxy, a webhook's receiver, and the services, each of which may be harmed. */
export interface Rig {
  /** Data and logs. */
  dir: string;
  kafka: KafkaCluster;
  /** The suite's own way to Kafka. */
  client: KafkaClient;
  /** Only where the fault wants one. */
  registry: Registry | null;
  proxy: ClickHouseProxy;
  /** One before each broker, through which the services come; none unless the fault wants them. */
  kafkaProxies: readonly KafkaProxy[];
  webhook: Recorder;
  partitions: number;
  /** Ends that nobody asked for. */
  unexpected: string[];
  /** Takes back one of them: the fault wanted it. By exit code or signal. */
  expected(name: Victim, end: number | NodeJS.Signals): void;
  service(name: Victim): ServiceProcess;
  /** Starts a service again with a plan for its end. */
  startWith(service: ServiceProcess, plan: FaultPlan): Promise<void>;
  /** One more process of a service. */
  join(name: Victim, plan?: FaultPlan): Promise<ServiceProcess>;
  /** Sees to it that notify, which is not running, has alerts to tell of, if there have been any at all. */
  alertsToTell(): Promise<void>;
  killClickHouse(): Promise<void>;
  startClickHouse(): Promise<void>;
  publish(messages: readonly InputMessage[]): Promise<void>;
  /** Event time of the latest call sent to each partition. */
  published: ReadonlyMap<number, number>;
  /** Waits until every window is closed, scored, stored and told. Throws, saying what is behind, when that does not come. */
  settle(end: number, timeout: number): Promise<void>;
  /** Waits until what event time `end` closes is scored, and what had been made of it by then is stored and told, while more is coming. Throws as `settle` does. */
  keepUp(end: number, timeout: number): Promise<void>;
  snapshot(): Promise<Snapshot>;
  /** Tables that were given a row twice, in words. */
  writtenTwice(snapshot: Snapshot): Promise<string[]>;
  /** Stops every service in order: milliseconds and exit codes by name. */
  stopServices(): Promise<{ name: string; code: number | null; ms: number }[]>;
  close(): Promise<void>;
}

export interface RigOptions {
  dir: string;
  partitions: number;
  brokers: 1 | 3;
  /** Services come to Kafka through proxies. */
  proxiedKafka: boolean;
  registry: boolean;
  /** Its tables keep every row that they are given. */
  unmerged: boolean;
}

const SERVICE = join(import.meta.dirname, 'service.ts');
const LOG = pino({ level: 'silent' });
const POLL = 200;
const SNAPSHOT_WITHIN = 180_000;
const MOST_PARTS = 100_000;
/** Alerts are few. */
const ALERTS_WITHIN = 5_000;
/** Commits often, so that there is much to interrupt. The wall clock never closes a window: input ends with calls that do. */
const SETTINGS = {
  STILLWATCH_STREAM_COMMIT_INTERVAL_MS: '200',
  STILLWATCH_STREAM_CHECKPOINT_INTERVAL_MS: '2000',
  STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '3600000',
  STILLWATCH_SINK_BATCH_WAIT_MS: '200',
};

export async function openRig({
  dir,
  partitions,
  brokers,
  proxiedKafka,
  registry: withRegistry,
  unmerged,
}: RigOptions): Promise<Rig> {
  const opened: { close(): Promise<unknown> }[] = [];
  const closeAll = async (): Promise<void> => {
    for (const { close } of opened.splice(0).reverse()) await close();
  };
  const keep = <Part>(part: Part, close: (part: Part) => Promise<unknown>): Part => {
    opened.push({ close: () => close(part) });
    return part;
  };
  try {
    const proxy = keep(await startClickHouseProxy(), (part) => part.close());
    const kafkaProxies: KafkaProxy[] = [];
    while (proxiedKafka && kafkaProxies.length < brokers)
      kafkaProxies.push(keep(await startKafkaProxy(), (part) => part.close()));
    const webhook = keep(await recordWebhooks(), (part) => part.close());
    const registry = withRegistry ? keep(await startRegistry(), (part) => part.close()) : null;
    const proxies = kafkaProxies.map(({ port }) => port);
    const kafka = keep(await startKafka({ dir: join(dir, 'kafka'), brokers, proxies }), (part) => part.stop());
    for (const [at, kafkaProxy] of kafkaProxies.entries()) kafkaProxy.upstream = kafka.behindProxies[at] ?? null;
    let engine: LocalClickHouse | null = null;
    const password = 'fault-suite';
    const startEngine = async (): Promise<void> => {
      engine = await startClickHouse({ dir: join(dir, 'clickhouse'), password });
      proxy.upstream = Number(new URL(engine.url).port);
    };
    await startEngine();
    opened.push({ close: async () => await engine?.stop() });
    const unexpected: string[] = [];
    const ended = (name: string, code: number | null, signal: NodeJS.Signals | null): void => {
      unexpected.push(describeEnd(name, signal ?? code));
    };
    const stack: Stack = await createStack({
      dir,
      partitions,
      webhookUrl: webhook.url,
      given: {
        brokers: proxiedKafka ? proxies.map((port) => `127.0.0.1:${port}`).join(',') : kafka.brokers,
        clickHouseUrl: `http://default:${password}@127.0.0.1:${proxy.port}`,
        database: 'stillwatch',
      },
      names: VICTIMS,
      env: {
        ...SETTINGS,
        STILLWATCH_TOPICS_REPLICATION_FACTOR: String(brokers),
        ...(registry === null ? {} : { SCHEMA_REGISTRY_URL: registry.url }),
      },
      ended,
      main: SERVICE,
    });
    const more: ServiceProcess[] = [];
    keep(stack, () => Promise.all(all().map((service) => service.kill())));
    const all = (): ServiceProcess[] => [...stack.services.values(), ...more];
    const client: KafkaClient = createKafkaClient({ brokers: kafka.brokers.split(','), clientId: 'fault-suite' }, LOG);
    const admin = keep(createPatientAdmin(client), (part) => part.close());
    const clickHouse: ClickHouse = keep(openClickHouseForTest(stack.clickHouseUrl, stack.database), (part) =>
      part.close(),
    );
    const snapshotDeps = { kafka: client, clickHouse, database: stack.database, log: LOG };

    const environment = (plan: FaultPlan): Record<string, string> => ({ [FAULT_PLAN]: JSON.stringify(plan) });
    const progress = { clickHouse, database: stack.database, partitions, webhook };

    const send = createPublisher(client, admin);
    const published = new Map<number, number>();
    /** Asks what is wanting until nothing is. */
    const waitUntil = async (timeout: number, isWanting: (one: Admin) => Promise<string | null>): Promise<void> => {
      const latest = performance.now() + timeout;
      for (;;) {
        const why = await admin.ask(isWanting).catch((error: unknown) => `cannot be asked: ${String(error)}`);
        if (why === null) return;
        // Whoever has ended will not do what is wanting.
        if (unexpected.length > 0) throw new Error(`${unexpected.join(', ')}: ${why}; see ${dir}`);
        if (performance.now() > latest) throw new Error(`not after ${timeout / 1_000} s: ${why}; see ${dir}`);
        await delay(POLL);
      }
    };

    const rig: Rig = {
      dir,
      kafka,
      client,
      registry,
      proxy,
      kafkaProxies,
      webhook,
      partitions,
      unexpected,
      expected(name, end) {
        const place = unexpected.indexOf(describeEnd(name, end));
        if (place !== -1) unexpected.splice(place, 1);
      },
      service(name) {
        const service = stack.services.get(name);
        if (service === undefined) throw new Error(`the stack has no ${name}`);
        return service;
      },
      startWith: (service, plan) => service.start(environment(plan)),
      async join(name, plan = {}) {
        const service = createServiceProcess({
          name,
          env: stack.env,
          logFile: join(dir, `${name}-${more.length + 2}.log`),
          ended,
          main: SERVICE,
        });
        more.push(service);
        await service.start(environment(plan));
        return service;
      },
      async alertsToTell() {
        const latest = performance.now() + ALERTS_WITHIN;
        const untold = (): Promise<number> => admin.ask(alertsUntold);
        while (performance.now() < latest && (await untold()) === 0) await delay(POLL);
        if ((await untold()) === 0) await admin.ask(tellAgain);
      },
      async killClickHouse() {
        proxy.upstream = null;
        await engine?.kill();
      },
      startClickHouse: startEngine,
      async publish(messages) {
        await send(messages);
        for (const { partition, occurredAt = 0 } of messages)
          published.set(partition, Math.max(occurredAt, published.get(partition) ?? 0));
      },
      published,
      settle: (end, timeout) => waitUntil(timeout, (one) => whatIsBehind({ ...progress, admin: one }, end)),
      async keepUp(end, timeout) {
        const latest = performance.now() + timeout;
        await waitUntil(timeout, (one) => whatIsNotScored({ ...progress, admin: one }, end));
        const ends = await admin.ask(endsOfStored);
        await waitUntil(latest - performance.now(), (one) => whatIsNotTold({ ...progress, admin: one }, ends));
      },
      async snapshot() {
        const told = new Set(webhook.events.map(({ id }) => id));
        const left = await within(SNAPSHOT_WITHIN, 'everything is read', takeSnapshot(snapshotDeps));
        return new Map([...left, ['webhook', [...told].sort()]]);
      },
      writtenTwice: (snapshot) => writtenTwice(snapshotDeps, snapshot),
      async stopServices() {
        return await Promise.all(
          all()
            .filter((service) => service.pid() !== undefined)
            .map(async (service) => {
              const begun = performance.now();
              const code = await service.stop();
              return { name: service.name, code, ms: performance.now() - begun };
            }),
        );
      },
      close: closeAll,
    };
    await stack.startServices();
    if (unmerged) await stopMerges(clickHouse, stack.database);
    return rig;
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function stopMerges(clickHouse: ClickHouse, database: string): Promise<void> {
  const tables = await clickHouse.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree'",
    { database },
  );
  // Each insert is a part, and nothing makes them fewer.
  for (const { name } of tables)
    await clickHouse.command(
      `ALTER TABLE ${database}.${name} MODIFY SETTING parts_to_delay_insert = ${MOST_PARTS}, parts_to_throw_insert = ${MOST_PARTS}`,
    );
  await clickHouse.command('SYSTEM STOP MERGES');
}

function describeEnd(name: string, end: number | NodeJS.Signals | null): string {
  return `${name} was ended by itself or somebody else: ${end}`;
}
