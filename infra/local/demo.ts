import { execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { readAlertMessage } from '../../services/clusters/alert-message.ts';
import { createClickHouse } from '../../services/platform/clickhouse.ts';
import { messageOf } from '../../services/platform/errors.ts';
import type { Alert } from '../../services/records/alert.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { createStack, type Stack } from './stack.ts';

/**
 * `npm run demo`: a campaign hidden in ordinary traffic goes through a real Kafka and a real ClickHouse and comes out as an alert that explains itself.
 * `--once` ends when the same page was seen in all four places: the topic, ClickHouse, the webhook, the console.
 */
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    scenario: { type: 'string', default: 'demo' },
    seed: { type: 'string', default: '1' },
    /** Event time that passes in a unit of wall time: three days in about two and a half minutes. */
    speed: { type: 'string', default: '1800' },
    'console-port': { type: 'string', default: '8080' },
  },
});

const MAIN = join(import.meta.dirname, '../../services/main.ts');
const PATIENCE = 180_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Seen {
  topic: number | null;
  clickhouse: number | null;
  webhook: number | null;
  console: number | null;
}

const begun = Date.now();
const cleanups: (() => Promise<unknown>)[] = [];
let stopping: Promise<never> | null = null;

/** Once, with the code of who asked first: what fails because all is being stopped neither ends it early nor changes how it ends. */
function stopAll(code: number): Promise<never> {
  stopping ??= (async () => {
    for (const cleanup of cleanups.reverse())
      await cleanup().catch((error: unknown) => say(`while stopping: ${messageOf(error)}`));
    process.exit(code);
  })();
  return stopping;
}

/** A terminal's Ctrl-C reaches us twice, directly and through the script that started us: only a signal that comes later is a second one. */
const SAME_SIGNAL = 1_000;
let askedAt: number | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (askedAt !== null) {
      if (Date.now() - askedAt > SAME_SIGNAL) process.exit(130);
      return;
    }
    askedAt = Date.now();
    say('\nStopping everything ...');
    void stopAll(values.once ? 1 : 0);
  });
}

/** Found out now, not by a service that ends later. */
async function requireFreePort(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(
      `port ${port} on 127.0.0.1 is taken, the console cannot listen there: stop what uses it (ss -ltnp), or choose another with npm run demo -- --console-port ${port + 1}`,
      { cause: error },
    );
  }
  server.close();
  await once(server, 'close');
}

async function demo(): Promise<void> {
  await requireFreePort(Number(values['console-port']));
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-demo-'));
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
  say(`Simulating traffic. ${createScenario(values.scenario).description}`);
  await mkdir(join(dir, 'traffic'), { recursive: true });
  execFileSync(process.execPath, [
    MAIN,
    'simulate',
    '--scenario',
    values.scenario,
    '--seed',
    values.seed,
    '--out',
    join(dir, 'traffic'),
    '--quiet',
  ]);

  const seen: Seen = { topic: null, clickhouse: null, webhook: null, console: null };
  let trafficFrom = Date.now();
  const mark = (place: keyof Seen): void => {
    seen[place] ??= (Date.now() - trafficFrom) / 1_000;
  };
  const webhookUrl = await receiveWebhooks(() => mark('webhook'));
  const consoleUrl = `http://127.0.0.1:${values['console-port']}`;
  const starting = createStack({
    dir: join(dir, 'stack'),
    partitions: 4,
    webhookUrl,
    consolePort: Number(values['console-port']),
    env: {
      STILLWATCH_HASHING_KEY: randomBytes(32).toString('base64url'),
      STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '5000',
      STILLWATCH_STREAM_IDLE_SPEED: values.speed,
      STILLWATCH_CONSOLE_PUBLIC_URL: consoleUrl,
      STILLWATCH_RULES_RUNBOOKS_URL: `${consoleUrl}/runbooks`,
    },
    tell: say,
    ended(name, code) {
      if (stopping !== null) return;
      // Its log goes with the folder when all is stopped.
      const log = readFileSync(join(dir, 'stack', `${name}.log`), 'utf8').trimEnd();
      say(`The service ${name} ended with code ${code}. The end of its log:\n${log.split('\n').slice(-5).join('\n')}`);
      void stopAll(1);
    },
  });
  // Also while it starts: what runs already writes into the folder, which goes next.
  cleanups.push(async () => (await starting).stop());
  const stack = await starting;
  say('Starting the services ...');
  await stack.startServices();
  say(`Services are up after ${((Date.now() - begun) / 1_000).toFixed(0)} s. The console: ${consoleUrl}`);

  const page = watchTopic(stack, () => mark('topic'));
  trafficFrom = Date.now();
  const publisher = publishTraffic(stack, join(dir, 'traffic'));
  cleanups.push(async () => publisher.kill('SIGKILL'));
  const alert = await Promise.race([page, delay(PATIENCE).then(() => null)]);
  if (alert === null) {
    say(`No alert of severity page within ${PATIENCE / 1_000} s of the start of traffic.`);
    return await stopAll(1);
  }
  explain(alert, (Date.now() - trafficFrom) / 1_000, consoleUrl);
  await watchTables(stack, consoleUrl, alert.alert_id, mark);
  while (seen.webhook === null && Date.now() - trafficFrom < PATIENCE) await delay(100);
  const complete = Object.values(seen).every((at) => at !== null);
  if (values.once) {
    process.stdout.write(
      `${JSON.stringify({ ok: complete, alert_id: alert.alert_id, severity: alert.severity, accounts: alert.account_count, exchanges_before_alert: alert.exchanges_before_alert, confidence: alert.confidence, seconds_to_page: seen, seconds_total: (Date.now() - begun) / 1_000 })}\n`,
    );
    return await stopAll(complete ? 0 : 1);
  }
  say('It keeps running. Ctrl-C stops all of it.');
  await new Promise(() => {});
}

async function receiveWebhooks(paged: () => void): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const event: { data: Alert } = JSON.parse(body);
      if (event.data.severity === 'page') paged();
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
}

/** The first alert of severity page on the topic. */
async function watchTopic(stack: Stack, paged: () => void): Promise<Alert> {
  const codecs = createCodecs(null);
  const kafka = createKafkaClient({ brokers: stack.brokers.split(','), clientId: 'demo' }, pino({ level: 'silent' }));
  const consumer = kafka.consumer({ groupId: `demo-${process.pid}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  cleanups.push(() => consumer.disconnect());
  await consumer.subscribe({ topics: [TOPICS.alerts], fromBeginning: true });
  return await new Promise((resolve, reject) => {
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          for (const message of batch.messages) {
            const event = readAlertMessage(codecs, message);
            if (!event.ok || event.value.alert.severity !== 'page') continue;
            paged();
            resolve(event.value.alert);
          }
        },
      })
      .catch(reject);
  });
}

function publishTraffic(stack: Stack, traffic: string) {
  const args = [
    'publish',
    '--accounts',
    join(traffic, 'accounts.jsonl'),
    '--calls',
    join(traffic, 'calls.jsonl'),
    '--speed',
    values.speed,
  ];
  const child = fork(MAIN, args, {
    env: { ...process.env, ...stack.env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  });
  let told = 0;
  child.on('message', ({ sent, eventTime }: { sent: number; eventTime: number }) => {
    if (Date.now() - told < 5_000) return;
    told = Date.now();
    say(
      `  ${sent} calls sent, it is ${new Date(eventTime).toISOString().slice(0, 16).replace('T', ' ')} in the traffic`,
    );
  });
  return child;
}

async function watchTables(
  stack: Stack,
  consoleUrl: string,
  alertId: string,
  mark: (place: keyof Seen) => void,
): Promise<void> {
  const clickHouse = createClickHouse({
    url: stack.clickHouseUrl,
    database: stack.database,
  });
  try {
    const end = Date.now() + PATIENCE;
    for (let stored = false, shown = false; !(stored && shown) && Date.now() < end; await delay(100)) {
      const rows = await clickHouse.query(
        `SELECT 1 FROM ${stack.database}.alerts FINAL WHERE alert_id = {id:String} AND severity = 'page'`,
        { id: alertId },
      );
      if (rows.length > 0 && !stored) {
        stored = true;
        mark('clickhouse');
      }
      const response = await fetch(`${consoleUrl}/api/alerts/${encodeURIComponent(alertId)}`);
      if (response.ok && !shown) {
        shown = true;
        mark('console');
      }
    }
  } finally {
    await clickHouse.close();
  }
}

function explain(alert: Alert, seconds: number, consoleUrl: string): void {
  say(`\nPAGE after ${seconds.toFixed(0)} s of traffic: ${alert.summary}`);
  say(
    `  ${alert.account_count} accounts, ${alert.exchanges_before_alert} exchanges before the alert, confidence ${(alert.confidence * 100).toFixed(0)} %`,
  );
  for (const { name, score, features } of alert.signatures) {
    say(`  ${name}: ${(score * 100).toFixed(0)} %`);
    for (const feature of features)
      say(
        `    ${feature.name} ${feature.value.toPrecision(3)} ${feature.unit}, counts from ${feature.threshold}, contributes ${(feature.contribution * 100).toFixed(0)} %`,
      );
  }
  for (const { kind, attribute, accounts } of alert.linking_evidence)
    say(`  joined by ${kind.replaceAll('_', ' ')} ${attribute}: ${accounts} accounts`);
  say(`  ${consoleUrl}/#/alerts/${encodeURIComponent(alert.alert_id)}\n`);
}

try {
  await demo();
} catch (error) {
  if (stopping === null) say(`stillwatch demo: ${messageOf(error)}`);
  await stopAll(1);
}
