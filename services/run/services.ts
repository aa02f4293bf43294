import { setTimeout as delay } from 'node:timers/promises';
import { createSignOn, type SignOn } from '../console/access/sign-on.ts';
import { createConsole } from '../console/console.ts';
import { signOnAddress } from '../console/routes/sign-on.ts';
import { requeue } from '../dead-letters/requeue.ts';
import { linksBinding } from '../links/binding.ts';
import { type Config, listOf } from '../platform/config/schema.ts';
import { secretOf } from '../platform/config/secrets.ts';
import { StillwatchError } from '../platform/errors.ts';
import { createRulesLedger } from '../rules/ledger.ts';
import { VOCABULARY } from '../rules/vocabulary.ts';
import { SINK_GROUP, SinkLane, type SinkLaneStatus } from '../sink/lane.ts';
import { migrateUp } from '../sink/migrate.ts';
import { sinkSources } from '../sink/sources.ts';
import { createLanes } from '../stream/kafka/lanes.ts';
import { callsService } from './calls.ts';
import { clustersService } from './clusters.ts';
import { type Context, openClickHouse, openServiceHasher } from './context.ts';
import { endProcess } from './end-process.ts';
import { notifyService } from './notify.ts';
import type { Service } from './service.ts';
import { runStep } from './step-service.ts';

export const SERVICES = {
  calls: callsService,
  links: linksService,
  clusters: clustersService,
  sink: sinkService,
  notify: notifyService,
  console: consoleService,
} satisfies Record<string, (context: Context) => Promise<Service>>;

export type ServiceName = keyof typeof SERVICES;

async function linksService(context: Context): Promise<Service> {
  return runStep(context, linksBinding({ codecs: context.codecs, hasher: openServiceHasher(context) }));
}

async function sinkService({
  config,
  kafka,
  codecs,
  log,
  metrics,
  streamMetrics,
  monotonicNow,
}: Context): Promise<Service> {
  const clickHouse = openClickHouse(config);
  const rows = metrics.counter('sink_rows_total', 'Rows acknowledged by ClickHouse', ['table']);
  const failures = metrics.counter('sink_failures_total', 'Batches refused and messages that could not be read', [
    'table',
    'reason',
  ]);
  const { lag, joined } = streamMetrics('sink');
  const sources = sinkSources(codecs);
  const lanes = createLanes<SinkLaneStatus>({
    kafka,
    log,
    groupId: SINK_GROUP,
    topics: sources.map(({ topic }) => topic),
    isRunning: ({ state }) => state === 'running',
    lag,
    joined,
    onFatal: endProcess(log, 'sink'),
    open(topic, partition, membership, admin) {
      const source = sources.find((candidate) => candidate.topic === topic);
      if (source === undefined) throw new RangeError(`no table for ${topic}`);
      const { batch_rows, batch_wait_ms } = config.sink;
      return new SinkLane({
        kafka,
        admin,
        clickHouse,
        membership,
        codecs,
        log,
        source,
        partition,
        batchRows: batch_rows,
        batchWait: batch_wait_ms,
        monotonicNow,
        onFatal: endProcess(log, 'sink'),
        inserted: (table, count) => rows.inc({ table }, count),
        failed: (table, reason) => failures.inc({ table, reason }),
      });
    },
  });
  return {
    async start() {
      await clickHouse.check();
      const { database, cluster } = config.clickhouse;
      const done = await migrateUp(clickHouse, database, cluster);
      if (done.length > 0) log.info({ migrations: done }, 'tables brought up to date');
      await lanes.start();
    },
    ready: { lanes: () => lanes.isReady() },
    status: () => ({ sink: lanes.status() }),
    closers: [
      { name: 'lanes', close: () => lanes.stop() },
      { name: 'ClickHouse', close: () => clickHouse.close() },
    ],
  };
}

async function consoleService({ config, log, now, kafka, codecs, instance }: Context): Promise<Service> {
  const clickHouse = openClickHouse(config);
  const ledger = createRulesLedger({ kafka, codecs, vocabulary: VOCABULARY, log, instance: `console-${instance}` });
  let opened: Promise<void> | null = null;
  const page = createConsole({
    clickhouse: clickHouse,
    database: config.clickhouse.database,
    log,
    now,
    host: config.console.host,
    port: config.console.port,
    tokens: listOf(secretOf(config, 'console.tokens')),
    requestsPerMinute: config.console.requests_per_minute,
    signOn: signOnOf(config),
    trustedProxies: listOf(config.console.trusted_proxies),
    publicUrl: config.console.public_url,
    services: listOf(config.console.services),
    testKey: secretOf(config, 'notify.test_key'),
    requeue: config.console.requeue
      ? ({ topic, reason }) =>
          requeue(
            { kafka, codecs, log, now, instance: `console-${instance}` },
            { topics: new Set([topic]), reasons: new Set([reason]) },
          )
      : null,
    // Opened when somebody first looks at the rules: alerts must be readable while Kafka is away.
    async ruleVersions() {
      opened ??= ledger.start().catch((error) => {
        opened = null;
        throw error;
      });
      return await within(
        RULES_PATIENCE,
        opened.then(() => ledger.versions()),
      );
    },
  });
  let listening = false;
  return {
    async start() {
      await clickHouse.check();
      const { url } = await page.listen();
      listening = true;
      log.info({ url }, 'console');
    },
    ready: { listening: () => listening },
    status: () => ({ console: { listening } }),
    closers: [
      { name: 'console', close: () => page.close() },
      { name: 'rules ledger', close: async () => (opened === null ? undefined : await ledger.stop()) },
      { name: 'ClickHouse', close: () => clickHouse.close() },
    ],
  };
}

const RULES_PATIENCE = 5_000;

async function within<Value>(patience: number, work: Promise<Value>): Promise<Value> {
  const stopping = new AbortController();
  const late = delay(patience, undefined, { signal: stopping.signal }).then(() => {
    throw new StillwatchError('KAFKA_UNREACHABLE', 'Kafka does not answer', 'check KAFKA_BROKERS');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stopping.abort();
    late.catch(() => {});
  }
}

/** Null where nobody logs in by single sign-on. */
function signOnOf(config: Config): SignOn | null {
  const { oidc_issuer, oidc_client_id, oidc_scope, oidc_claim, oidc_roles, public_url } = config.console;
  if (oidc_issuer === '') return null;
  return createSignOn({
    issuer: oidc_issuer,
    clientId: oidc_client_id,
    clientSecret: secretOf(config, 'console.oidc_client_secret'),
    scope: oidc_scope,
    claim: oidc_claim,
    roles: listOf(oidc_roles),
    redirectAddress: signOnAddress(public_url),
  });
}
