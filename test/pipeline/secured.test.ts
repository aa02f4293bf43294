import assert from 'node:assert/strict';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { startClickHouse } from '../../infra/clickhouse/start.ts';
import { createStack, type Stack, type StackService } from '../../infra/local/stack.ts';
import { makeToken } from '../../services/console/access/tokens.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import type { Account } from '../../services/records/account.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { KAFKA_PRINCIPALS, KAFKA_RIGHTS, type KafkaPrincipal } from '../../services/run/access/kafka-rights.ts';
import { stateTopic } from '../../services/stream/kafka/binding.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { startRegistry } from '../faults/harness/registry.ts';
import { grant } from '../support/kafka-grants.ts';
import {
  difference,
  loadReplay,
  openClickHouseForTest,
  type Recorder,
  readLines,
  recordWebhooks,
  settled,
  stillwatch,
} from '../support/pipeline.ts';
import { type SecuredKafka, startSecuredKafka } from '../support/secured-kafka.ts';
import { startTlsProxy } from '../support/tls-proxy.ts';

/**
 * Everything at once: six services, each its own user at Kafka with its own rights and no others, one of three ways of saying who it is, everything over TLS.
 * What comes out must be what a replay gives; and nothing that must not travel may be found anywhere afterwards.
 */
const passwordOf = (user: string): string => `kafka-password-of-${user}`;
const CLICKHOUSE_PASSWORD = 'clickhouse-password-of-all';
const REGISTRY_PASSWORD = 'registry-password-of-all';
const HASHING_KEY = 'hashing-key-of-this-test';
const WEBHOOK_SECRET = 'webhook-secret-of-this-test';
const TEST_KEY = 'test-key-of-this-test';
const admin = makeToken('kim', 'admin');
const SECRETS = [
  ...KAFKA_PRINCIPALS.map(passwordOf),
  CLICKHOUSE_PASSWORD,
  REGISTRY_PASSWORD,
  HASHING_KEY,
  WEBHOOK_SECRET,
  TEST_KEY,
  admin.token,
  admin.entry,
];

/** In a prompt that is counted, in one that is refused; a payment id that many share; an address that the gateway hashes. */
const CANARIES = {
  prompt: 'CANARY-the-text-of-a-prompt',
  refused: 'CANARY-the-text-of-a-refused-call',
  payment: 'pf_CANARY-payment-0123456789abcdef',
  address: '203.0.113.217',
};

const LISTENERS: Record<KafkaPrincipal, 'plain' | 'scram' | 'mutual'> = {
  calls: 'scram',
  links: 'plain',
  clusters: 'mutual',
  sink: 'scram',
  notify: 'plain',
  console: 'scram',
  gateway: 'scram',
  operator: 'plain',
  dlq: 'mutual',
};

let kafka: SecuredKafka;
let stack: Stack;
let clickHouse: ClickHouse;
let webhook: Recorder;
const identities = new Map<KafkaPrincipal, Record<string, string>>();
/** What a process has in its environment to be one of them. */
const identityOf = (name: KafkaPrincipal): Record<string, string> => identities.get(name) ?? {};
const closing: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

before(
  async () => {
    kafka = await startSecuredKafka(KAFKA_PRINCIPALS.map((name) => ({ name, password: passwordOf(name) })));
    closing.push(() => kafka.stop());
    const { authority, cluster, folder } = kafka;
    const server = await authority.issue('server');
    const engine = await startClickHouse({ dir: join(folder, 'clickhouse'), password: CLICKHOUSE_PASSWORD });
    closing.push(() => engine.stop());
    const registry = await startRegistry({ only: { user: 'stillwatch', password: REGISTRY_PASSWORD } });
    closing.push(() => registry.close());
    const tlsPort = async (url: string): Promise<number> => {
      const proxy = await startTlsProxy(server, Number(new URL(url).port));
      closing.push(() => proxy.close());
      return proxy.port;
    };
    const silent = pino({ level: 'silent' });
    await withAdmin(createKafkaClient({ brokers: [cluster.brokers], clientId: 'test' }, silent), async (rights) => {
      for (const name of KAFKA_PRINCIPALS) await grant(rights, name, KAFKA_RIGHTS[name]);
    });
    webhook = await recordWebhooks();
    closing.push(() => webhook.close());

    const secrets = join(folder, 'secrets');
    await mkdir(secrets);
    const secret = async (name: string, content: string): Promise<string> => {
      await writeFile(join(secrets, name), `${content}\n`, { mode: 0o600 });
      return join(secrets, name);
    };
    const common = {
      STILLWATCH_KAFKA_SSL: 'true',
      STILLWATCH_KAFKA_SSL_CA_FILE: authority.caFile,
      CLICKHOUSE_URL: `https://127.0.0.1:${await tlsPort(engine.url)}`,
      STILLWATCH_CLICKHOUSE_USERNAME: 'default',
      STILLWATCH_CLICKHOUSE_PASSWORD_FILE: await secret('clickhouse', CLICKHOUSE_PASSWORD),
      STILLWATCH_CLICKHOUSE_SSL_CA_FILE: authority.caFile,
      SCHEMA_REGISTRY_URL: `https://127.0.0.1:${await tlsPort(registry.url)}`,
      STILLWATCH_SCHEMA_REGISTRY_USERNAME: 'stillwatch',
      STILLWATCH_SCHEMA_REGISTRY_PASSWORD_FILE: await secret('registry', REGISTRY_PASSWORD),
      STILLWATCH_SCHEMA_REGISTRY_SSL_CA_FILE: authority.caFile,
      STILLWATCH_HASHING_KEY_FILE: await secret('hashing', HASHING_KEY),
    };
    for (const name of KAFKA_PRINCIPALS) {
      const listener = LISTENERS[name];
      const certificate = await authority.issue(name);
      identities.set(name, {
        ...common,
        KAFKA_BROKERS: kafka.secured[listener],
        ...(listener === 'mutual'
          ? {
              STILLWATCH_KAFKA_SSL_CERT_FILE: certificate.certFile,
              STILLWATCH_KAFKA_SSL_KEY_FILE: certificate.keyFile,
            }
          : {
              STILLWATCH_KAFKA_SASL_MECHANISM: listener === 'plain' ? 'plain' : 'scram-sha-512',
              STILLWATCH_KAFKA_SASL_USERNAME: name,
              STILLWATCH_KAFKA_SASL_PASSWORD_FILE: await secret(`kafka-${name}`, passwordOf(name)),
            }),
      });
    }
    /** A service that gives up fails all of it at once. */
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => {});
    const PARTITIONS = { STILLWATCH_TOPICS_PARTITIONS: '2' };
    await stillwatch(['topics', 'apply'], { ...identityOf('operator'), ...PARTITIONS });
    stack = await createStack({
      dir: join(folder, 'live'),
      partitions: 2,
      webhookUrl: webhook.url,
      given: { brokers: cluster.brokers, clickHouseUrl: engine.url, database: 'stillwatch' },
      env: {
        STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '2000',
        STILLWATCH_STREAM_IDLE_SPEED: '10000000',
        STILLWATCH_STREAM_CHECKPOINT_INTERVAL_MS: '2000',
        STILLWATCH_SINK_BATCH_WAIT_MS: '200',
        STILLWATCH_LOG_LEVEL: 'debug',
        STILLWATCH_NOTIFY_WEBHOOK_SECRET: WEBHOOK_SECRET,
        STILLWATCH_NOTIFY_TEST_KEY: TEST_KEY,
        STILLWATCH_CONSOLE_TOKENS: admin.entry,
      },
      envOf: (name: StackService) => identityOf(name),
      ended: (name, code) => ended.reject(new Error(`${name} ended with ${code}`)),
    });
    closing.push(() => stack.stop());
    clickHouse = openClickHouseForTest(engine.url, 'stillwatch');
    closing.push(() => clickHouse.close());

    const latestCall = await makeTraffic(folder);
    const { calls, accounts } = files(folder);
    const replayEnv = { STILLWATCH_HASHING_KEY: HASHING_KEY };
    await stillwatch(
      ['replay', '--calls', calls, '--accounts', accounts, '--out', join(folder, 'replayed')],
      replayEnv,
    );
    await stillwatch(['publish', '--calls', calls, '--accounts', accounts], identityOf('gateway'));
    await stack.startServices();
    await Promise.race([settled(stack, latestCall), ended.promise]);
  },
  { timeout: 400_000 },
);

const files = (folder: string) => ({
  calls: join(folder, 'traffic/calls.jsonl'),
  accounts: join(folder, 'traffic/accounts.jsonl'),
});

/** Simulated traffic with the canaries in it. Gives the time of the latest call. */
async function makeTraffic(folder: string): Promise<number> {
  const { calls, accounts } = files(folder);
  await stillwatch(['simulate', '--scenario', 'small', '--seed', '11', '--out', join(folder, 'traffic'), '--quiet']);
  const { hash64 } = createHasher(HASHING_KEY);
  const allAccounts = await readLines<Account>(accounts);
  const shared = commonest(allAccounts.flatMap(({ payment_fingerprint }) => payment_fingerprint ?? []));
  const marked = allAccounts.map((account) =>
    account.payment_fingerprint === shared ? { ...account, payment_fingerprint: CANARIES.payment } : account,
  );
  await writeFile(accounts, marked.map((account) => `${JSON.stringify(account)}\n`).join(''));
  const allCalls = await readLines<ApiCall>(calls);
  const egress = commonest(allCalls.flatMap(({ source_ip }) => source_ip ?? []));
  const talker = commonest(allCalls.flatMap(({ account_id, prompt_text }) => (prompt_text ? account_id : [])));
  const written = allCalls.map((call) => ({
    ...call,
    source_ip: call.source_ip === egress ? `h:${hash64(CANARIES.address)}` : call.source_ip,
    prompt_text: call.account_id === talker ? `${call.prompt_text} ${CANARIES.prompt}` : call.prompt_text,
  }));
  const last = written.at(-1);
  assert.ok(last !== undefined && written.some(({ prompt_text }) => prompt_text?.includes(CANARIES.prompt)));
  const refused = { ...last, event_id: 'refused', input_tokens: -1, prompt_text: CANARIES.refused };
  await writeFile(calls, [...written, refused].map((call) => `${JSON.stringify(call)}\n`).join(''));
  return Number(last.occurred_at);
}

function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  if (first === undefined) throw new Error('nothing to choose from');
  return first[0];
}

test('with the listed rights and no others, over TLS all the way, the services give the rows of the replay', async () => {
  const replayed = openClickHouseForTest(stack.clickHouseUrl, 'replayed');
  await loadReplay(replayed, 'replayed', join(kafka.folder, 'replayed'), 'stillwatch');
  for (const table of ['account_windows', 'cluster_windows', 'alerts']) {
    const { rows, only } = await difference(replayed, table, 'stillwatch', 'replayed');
    assert.deepEqual(only, [], `${table} differs`);
    assert.ok(rows > 0, `${table} is empty`);
  }
  await replayed.close();
  assert.ok(webhook.events.length > 0);
});

interface Place {
  name: string;
  content: Buffer;
}

/** The broker's own files, whatever a reader of the topics would be shown of them. */
async function topicFiles(): Promise<Place[]> {
  const found: Place[] = [];
  for await (const file of glob('**/*.log', { cwd: join(kafka.folder, 'kafka/node-1/log') }))
    found.push({ name: `topic ${file}`, content: await readFile(join(kafka.folder, 'kafka/node-1/log', file)) });
  return found;
}

async function tables(): Promise<Place[]> {
  const names = await clickHouse.query<{ name: string }>(
    // A view holds nothing of its own.
    "SELECT name FROM system.tables WHERE database = 'stillwatch' AND engine != 'View'",
  );
  return await Promise.all(
    names.map(async ({ name }) => ({
      name: `table ${name}`,
      content: Buffer.from(JSON.stringify(await clickHouse.query(`SELECT * FROM stillwatch.${name}`))),
    })),
  );
}

async function logsAndStatus(): Promise<Place[]> {
  const found: Place[] = [];
  for (const service of stack.services.values()) {
    found.push({ name: `log of ${service.name}`, content: Buffer.from(await service.log()) });
    for (const path of ['/metrics', '/status', '/readyz']) {
      const answer = await fetch(`${service.url()}${path}`);
      found.push({ name: `${path} of ${service.name}`, content: Buffer.from(await answer.text()) });
    }
  }
  return found;
}

async function consoleAnswers(): Promise<Place[]> {
  const [, url = ''] = /"url":"([^"]+)","msg":"console"/.exec((await stack.services.get('console')?.log()) ?? '') ?? [];
  const ask = async (path: string): Promise<Place> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${admin.token}` } });
    assert.equal(answer.status, 200, path);
    return { name: `console ${path}`, content: Buffer.from(await answer.text()) };
  };
  const alerts = await clickHouse.query<{ alert_id: string }>('SELECT DISTINCT alert_id FROM stillwatch.alerts');
  assert.ok(alerts.length > 0);
  return await Promise.all(
    [
      '/api/alerts',
      '/api/rules',
      '/api/pipeline',
      '/api/audit',
      ...alerts.map(({ alert_id }) => `/api/alerts/${alert_id}`),
    ].map(ask),
  );
}

const told = (): Place => ({ name: 'webhook', content: Buffer.from(JSON.stringify(webhook.events)) });

/** Names of the places that hold the text. */
function holding(places: readonly Place[], text: string): string[] {
  return places.filter(({ content }) => content.includes(text)).map(({ name }) => name);
}

test('prompts, payment ids and addresses are nowhere but where the contract has them', async () => {
  const places = [
    ...(await topicFiles()),
    ...(await tables()),
    ...(await logsAndStatus()),
    ...(await consoleAnswers()),
    told(),
  ];
  assert.ok(places.length > 60, `${places.length} places`);
  const topicsHolding = (text: string) =>
    new Set(holding(places, text).map((name) => name.replace(/-\d+\/\d+\.log$/, '')));
  assert.deepEqual(topicsHolding(CANARIES.prompt), new Set([`topic ${TOPICS.calls}`]));
  assert.deepEqual(topicsHolding(CANARIES.refused), new Set([`topic ${TOPICS.calls}`, `topic ${TOPICS.deadLetters}`]));
  // Who is to find out that two accounts share a payment id has to remember it: in its own state, which nobody else may read (below).
  assert.deepEqual(
    topicsHolding(CANARIES.payment),
    new Set([`topic ${TOPICS.accounts}`, `topic ${stateTopic('links')}`]),
  );
  assert.deepEqual(topicsHolding(CANARIES.address), new Set());
  const hashed = `h:${(createHasher(HASHING_KEY)).hash64(CANARIES.address)}`;
  assert.ok(topicsHolding(hashed).has(`topic ${TOPICS.linkObservations}`), 'what is looked for is found where it is');
});

test('commands do what they are for with the rights of whoever runs them', async () => {
  assert.match(await stillwatch(['rules', 'ls'], identityOf('operator')), /beginning/);
  await stillwatch(['notify', 'undelivered', '--json'], identityOf('operator'));
  const [letter] = (await stillwatch(['dlq', 'ls', '--json'], identityOf('dlq'))).trim().split('\n');
  assert.equal(JSON.parse(letter ?? '').reason, 'negative_value');
  await stillwatch(['dlq', 'requeue', '--all'], identityOf('dlq'));
  await assert.rejects(
    stillwatch(['dlq', 'ls'], identityOf('operator')),
    /user operator the right Describe on group stillwatch\.read\.stillwatch\.requeued\./,
  );
});

test('the state of a service is for itself alone', () => {
  for (const principal of KAFKA_PRINCIPALS)
    for (const { resource, name, pattern, operations } of KAFKA_RIGHTS[principal]) {
      const mayRead = resource === 'topic' && operations.includes('Read');
      const state = [stateTopic('calls'), stateTopic('links'), stateTopic('premerge'), stateTopic('score')];
      const read = state.filter(
        (topic) => mayRead && (topic === name || (pattern === 'prefixed' && topic.startsWith(name))),
      );
      const own = { calls: ['calls'], links: ['links'], clusters: ['premerge', 'score'] }[String(principal)] ?? [];
      for (const topic of read) assert.ok(own.map(stateTopic).includes(topic), `${principal} reads ${topic}`);
    }
});

test('no secret is in a log, a metric, a status, a topic, a table or an answer', async () => {
  const places = [
    ...(await topicFiles()),
    ...(await tables()),
    ...(await logsAndStatus()),
    ...(await consoleAnswers()),
    told(),
  ];
  // SCRAM's verifier and PLAIN's list are the broker's own, outside of our topics.
  for (const secret of SECRETS)
    assert.deepEqual(
      holding(places, secret).filter((name) => !name.includes('__cluster_metadata')),
      [],
      secret,
    );
});
