import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { stringify } from 'yaml';
import { createServiceProcess, type ServiceProcess } from '../../infra/local/service-process.ts';
import { alertMessage } from '../../services/clusters/alert-message.ts';
import { createSilenceStore } from '../../services/feedback/silences.ts';
import { SIGNATURE_HEADER, TEST_PATH } from '../../services/notify/test-request.ts';
import type { Undelivered } from '../../services/notify/undelivered.ts';
import { sign } from '../../services/platform/signature.ts';
import type { Alert, AlertEvent } from '../../services/records/alert.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import type { Delivery } from '../../services/records/delivery.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { readTopic } from '../../services/stream/kafka/read-topic.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { startClickHouseForTest } from '../support/clickhouse.ts';
import { startKafkaForTest, type TestKafka } from '../support/kafka.ts';
import { openClickHouseForTest, stillwatch } from '../support/pipeline.ts';
import { revision } from './alerts.ts';
import { type Received, type Receiver, receiver } from './receiver.ts';

const codecs = createCodecs(null);
const PARTITIONS = 3;
let kafka: TestKafka;
let folder: string;
let env: Record<string, string>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-notify-'));
  kafka = await startKafkaForTest();
  env = { KAFKA_BROKERS: kafka.brokers, STILLWATCH_TOPICS_PARTITIONS: String(PARTITIONS), SIGNING_SECRET: 'hush' };
  await stillwatch(['topics', 'apply'], env);
});

after(async () => {
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
});

async function publish(events: readonly AlertEvent[]): Promise<void> {
  const client = createKafkaClient({ brokers: kafka.brokers.split(','), clientId: 'test' }, pino({ level: 'silent' }));
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic: TOPICS.alerts, messages: events.map((event) => alertMessage(codecs, event)) });
  await producer.disconnect();
}

/** `notify` as a process of its own, with this section of the configuration. */
async function notifyProcess(notify: object, more: Record<string, string> = {}): Promise<ServiceProcess> {
  const config = join(folder, `${Math.random()}.yaml`);
  await writeFile(config, stringify({ notify }));
  return createServiceProcess({
    name: 'notify',
    env: { ...env, ...more },
    args: ['--config', config],
    logFile: join(folder, 'notify.log'),
  });
}

interface Seen {
  id: string;
  revision: number;
}

const seenOf = ({ body }: Received): Seen => {
  const { data }: { data: Alert } = JSON.parse(body);
  return { id: data.alert_id, revision: data.revision };
};
const nameOf = ({ id, revision: number }: Seen): string => `${id}.${number}`;

/** Resolves when the receiver has got as many different messages whose alert begins so. */
async function got(from: Receiver, prefix: string, count: number): Promise<Seen[]> {
  for (;;) {
    const seen = from.received.map(seenOf).filter(({ id }) => id.startsWith(prefix));
    if (new Set(seen.map(nameOf)).size >= count) return seen;
    await from.next();
  }
}

/** A later revision never came before an earlier one: only the last one of an alert may come again. */
function assertInOrder(seen: readonly Seen[]): void {
  const last = new Map<string, number>();
  for (const { id, revision: number } of seen) {
    assert.ok(
      number >= (last.get(id) ?? 0) && number <= (last.get(id) ?? 0) + 1,
      `${id}.${number} after ${last.get(id)}`,
    );
    last.set(id, number);
  }
}

/** As a receiver would: the sender is who has the secret, and the message is not an old one. */
function assertSigned({ headers, body }: Received): void {
  const [, seconds = '', signature = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['stillwatch-signature'])) ?? [];
  const expected = createHmac('sha256', 'hush').update(`${seconds}.${body}`).digest();
  assert.ok(timingSafeEqual(expected, Buffer.from(signature, 'hex')));
  assert.ok(Math.abs(Date.now() / 1_000 - Number(seconds)) < 300);
}

/** Resolves when every lane has settled all that is on the topic. */
async function through(notify: ServiceProcess): Promise<void> {
  const client = createKafkaClient({ brokers: kafka.brokers.split(','), clientId: 'test' }, pino({ level: 'silent' }));
  const ends = await withAdmin(client, (admin) => admin.fetchTopicOffsets(TOPICS.alerts));
  for (;;) {
    const { notify: lanes }: { notify: { partition: number; offset: string }[] } = JSON.parse(
      await (await fetch(`${notify.url()}/status`)).text(),
    );
    const isThrough = ends.every(({ partition, high }) =>
      lanes.filter((lane) => lane.partition === partition).every(({ offset }) => BigInt(offset) >= BigInt(high)),
    );
    if (lanes.length >= PARTITIONS && isThrough) return;
    await delay(100);
  }
}

/** What is told to have been taken by a target, one line a message, once every lane has settled everything. */
async function deliveries(target: string): Promise<Delivery[]> {
  const log = pino({ level: 'silent' });
  const client = createKafkaClient({ brokers: kafka.brokers.split(','), clientId: 'test' }, log);
  const found: Delivery[] = [];
  const instance = `test-${target}-${Math.random()}`;
  for await (const { value } of readTopic({ kafka: client, log, topic: TOPICS.deliveries, instance })) {
    const decoded = codecs.of('delivery').decode(value);
    assert.ok(decoded.ok);
    if (decoded.value.target === target) found.push(decoded.value);
  }
  return found;
}

async function undelivered(target: string): Promise<Undelivered[]> {
  const text = await stillwatch(['notify', 'undelivered', '--target', target, '--json'], env);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function untilUndelivered(target: string, count: number): Promise<Undelivered[]> {
  for (;;) {
    const found = await undelivered(target);
    if (found.length >= count) return found;
    await delay(500);
  }
}

/** Three targets that differ in their health: one works, one is not there yet, one refuses everything. Killed three times on the way. */
test('kill -9 loses nothing at any target, a dead one delays no other, and what is refused is undelivered once', {
  timeout: 300_000,
}, async (t) => {
  const ALERTS = 12;
  const REVISIONS = 4;
  const works = await receiver([200]);
  const refuses = await receiver([422]);
  const alertmanagerHook = await receiver([200]);
  const alertmanager = await startAlertmanager(alertmanagerHook.url);
  await alertmanager.kill();
  const target = { type: 'webhook', allow_private_address: true, secret: { env: 'SIGNING_SECRET' } };
  const notify = await notifyProcess({
    targets: [
      { ...target, name: 'works', url: works.url },
      { ...target, name: 'refuses', url: refuses.url },
      { name: 'dead', type: 'alertmanager', url: alertmanager.url, allow_private_address: true },
    ],
  });
  t.after(async () => {
    await notify.kill();
    await alertmanager.stop();
    await Promise.all([works, refuses, alertmanagerHook].map((each) => each.close()));
  });
  const ids = Array.from({ length: ALERTS }, (_, i) => `k_${i}`);
  const events = Array.from({ length: REVISIONS }, (_, i) =>
    ids.map((alert_id, a) =>
      // Odd ones end with the last revision.
      revision(i + 1, { alert_id, status: i + 1 === REVISIONS && a % 2 === 1 ? 'resolved' : 'open' }),
    ),
  ).flat();
  await publish(events);
  const all = events.length;
  for (const part of [0.2, 0.5, 0.8]) {
    await notify.start();
    await got(works, 'k_', Math.floor(all * part));
    await notify.kill();
  }
  await notify.start();
  const seen = await got(works, 'k_', all);
  assertInOrder(seen);
  assert.equal(new Set(seen.map(nameOf)).size, all);
  assert.ok(seen.length <= all + 3 * PARTITIONS, 'at most one a partition comes again for a kill');
  for (const received of works.received) assertSigned(received);
  const nameOfDelivery = ({ alert_id, revision: number }: Delivery): string =>
    nameOf({ id: alert_id, revision: number });
  for (;;) {
    const taken = await deliveries('works');
    if (taken.length < all) continue;
    assert.deepEqual(taken.map(nameOfDelivery).sort(), [...new Set(seen.map(nameOf))].sort(), 'told once each');
    assert.ok(taken.every(({ http_status, attempts }) => http_status === 200 && attempts === 1));
    break;
  }

  await alertmanager.start();
  const expected = ids.filter((_, a) => a % 2 === 0).sort();
  for (;;) {
    const firing = await alertmanager.alerts();
    const through = firing.filter(({ annotations }) => annotations['revision'] === String(REVISIONS));
    if (through.length === expected.length && firing.length === expected.length) {
      assert.deepEqual(through.map(({ labels }) => labels['alert_id']).sort(), expected);
      break;
    }
    await delay(200);
  }

  const lost = await untilUndelivered('refuses', all);
  assert.deepEqual(
    lost.map(({ event: { alert } }) => nameOf({ id: alert.alert_id, revision: alert.revision })).sort(),
    events.map(({ alert }) => nameOf({ id: alert.alert_id, revision: alert.revision })).sort(),
  );
  assert.ok(lost.every(({ reason, attempts }) => reason === 'HTTP 422' && attempts === 1));
  assert.deepEqual(await deliveries('refuses'), []);
  const metrics = await (await fetch(`${notify.url()}/metrics`)).text();
  assert.match(
    metrics,
    /stillwatch_notify_circuit_state\{[^}]*target="works"[^}]*state="closed"[^}]*\} 1|stillwatch_notify_circuit_state\{[^}]*state="closed"[^}]*target="works"[^}]*\} 1/,
  );
  assert.match(metrics, /stillwatch_notify_messages_total\{[^}]*outcome="undelivered"[^}]*\} [1-9]/);
});

test('after kill -9 a target is still told of the end of what it was told of, and of what was held back', {
  timeout: 180_000,
}, async (t) => {
  const pager = await receiver([200]);
  const channel = await receiver([200]);
  t.after(() => Promise.all([pager.close(), channel.close()]));
  const webhook = { type: 'webhook', allow_private_address: true };
  const targets = [
    { ...webhook, name: 'pager', url: pager.url },
    { ...webhook, name: 'channel', url: channel.url },
  ];
  const routes = [{ targets: ['pager'], severity: ['page'] }, { targets: ['channel'] }];
  const allDay = [
    { from: '00:00', to: '12:00', targets: ['channel'] },
    { from: '12:00', to: '00:00', targets: ['channel'] },
  ];
  const quiet = await notifyProcess({ targets, routes, quiet_hours: allDay });
  await publish([
    revision(1, { alert_id: 'm_1', severity: 'page' }),
    revision(1, { alert_id: 'm_2', severity: 'ticket' }),
    revision(2, { alert_id: 'm_2', severity: 'ticket' }),
  ]);
  await quiet.start();
  await got(pager, 'm_', 1);
  await got(channel, 'm_', 1);
  await through(quiet);
  await quiet.kill();
  await publish([revision(2, { alert_id: 'm_1', severity: 'ticket', status: 'resolved' })]);
  const awake = await notifyProcess({ targets, routes });
  t.after(() => awake.kill());
  await awake.start();
  assertInOrder(await got(pager, 'm_', 2));
  await got(channel, 'm_', 3);
  const told = (from: Receiver) =>
    [
      ...new Set(
        from.received
          .map(seenOf)
          .filter(({ id }) => id.startsWith('m_'))
          .map(nameOf),
      ),
    ].sort();
  assert.deepEqual(told(pager), ['m_1.1', 'm_1.2']);
  assert.deepEqual(told(channel), ['m_1.1', 'm_1.2', 'm_2.2'], 'of what was held back the latest revision alone');
});

test('a message that its target does not take in time is undelivered, with its target and why', {
  timeout: 120_000,
}, async (t) => {
  const gone = await receiver([503]);
  const notify = await notifyProcess({
    give_up_after_ms: 1_500,
    targets: [{ type: 'webhook', name: 'gone', url: gone.url, allow_private_address: true }],
  });
  t.after(async () => {
    await notify.kill();
    await gone.close();
  });
  await notify.start();
  for (;;) {
    const response = await fetch(`${notify.url()}/readyz`);
    if (response.ok) break;
    await delay(100);
  }
  await publish([revision(1, { alert_id: 'g_1' })]);
  const lost = (await untilUndelivered('gone', 1)).filter(({ event }) => event.alert.alert_id === 'g_1');
  assert.deepEqual(
    lost.map(({ target, reason, event }) => [target, reason, event.alert.revision]),
    [['gone', 'not taken within 1.5 s: HTTP 503', 1]],
  );
});

test('who is silenced on the console wakes nobody, page or not, and is told of when the silence has ended; one that was idle has', {
  timeout: 120_000,
}, async (t) => {
  const server = await startClickHouseForTest();
  const clickHouse = openClickHouseForTest(server.url, 'silenced');
  await migrateUp(clickHouse, 'silenced', '');
  const store = createSilenceStore(clickHouse, 'silenced', Date.now);
  const ends_at_ms = Date.now() + 600_000;
  const common = { target_type: 'alert', ends_at_ms, author: 'kim', reason: 'known' } as const;
  const outcome = await store.add({ ...common, target_id: 'silenced_1', idle_ms: 3_600_000 });
  assert.ok(outcome.ok);
  // Set an hour and a moment ago, and it kept nothing back since.
  await createSilenceStore(clickHouse, 'silenced', () => Date.now() - 3_601_000).add({
    ...common,
    target_id: 'silenced_3',
    idle_ms: 3_600_000,
  });
  const works = await receiver([200]);
  const notify = await notifyProcess(
    { targets: [{ name: 'woken', type: 'webhook', url: works.url, allow_private_address: true }] },
    { CLICKHOUSE_URL: server.url, STILLWATCH_CLICKHOUSE_DATABASE: 'silenced' },
  );
  t.after(async () => {
    await notify.stop();
    await works.close();
    await clickHouse.close();
    await server.stop();
  });
  await publish([
    revision(1, { alert_id: 'silenced_1', severity: 'page' }),
    revision(2, { alert_id: 'silenced_1', severity: 'page' }),
    revision(1, { alert_id: 'silenced_2', severity: 'page' }),
    revision(1, { alert_id: 'silenced_3', severity: 'page' }),
  ]);
  await notify.start();
  await through(notify);
  const told = (await got(works, 'silenced_', 2)).map(nameOf);
  assert.deepEqual(told.sort(), ['silenced_2.1', 'silenced_3.1']);
  await store.end(outcome.silence.silence_id);
  assert.equal((await got(works, 'silenced_', 3)).map(nameOf).at(-1), 'silenced_1.2');
});

test('a target is tested for whoever has the key, past its routes; its name is in the status', {
  timeout: 120_000,
}, async (t) => {
  const works = await receiver([200]);
  const notify = await notifyProcess(
    {
      targets: [
        { name: 'tried', type: 'webhook', url: works.url, allow_private_address: true },
        { name: 'other', type: 'webhook', url: works.url, allow_private_address: true },
      ],
      routes: [{ targets: ['other'] }],
    },
    { STILLWATCH_NOTIFY_TEST_KEY: 'a-key-that-is-shared', STILLWATCH_NOTIFY_SILENCES: 'false' },
  );
  t.after(async () => {
    await notify.stop();
    await works.close();
  });
  await notify.start();
  const status = (await (await fetch(`${notify.url()}/status`)).json()) as { targets: string[] };
  assert.deepEqual(status.targets, ['tried', 'other']);
  const body = JSON.stringify({ target: 'tried' });
  const ask = async (key: string): Promise<number> => {
    const headers = { [SIGNATURE_HEADER]: sign(body, key, Math.floor(Date.now() / 1_000)) };
    return (await fetch(`${notify.url()}${TEST_PATH}`, { method: 'POST', body, headers })).status;
  };
  assert.equal(await ask('another-key'), 401);
  assert.equal(await ask('a-key-that-is-shared'), 200);
  assert.equal((await got(works, 'TEST-', 2)).length, 2);
});
