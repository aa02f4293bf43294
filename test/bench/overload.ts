import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createStack, type Stack } from '../../infra/local/stack.ts';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { DAY, MINUTE } from '../../services/records/window.ts';
import { lastClose } from '../../services/stream/idle.ts';
import { createKafkaClient, type Producer } from '../../services/stream/kafka/client.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { everySecond, residentBytes, until } from '../faults/harness/watch.ts';
import { openClickHouseForTest, recordWebhooks, settled } from '../support/pipeline.ts';
import { closingCall, T } from '../support/records.ts';
import { behindIn } from './coordinator.ts';
import { createPacedCalls } from './paced-calls.ts';
import { type BenchResult, megabytes } from './result.ts';
import { ACCOUNTS } from './synthetic-calls.ts';

const PARTITIONS = 4;
const SERVICES = ['calls', 'links', 'clusters', 'sink', 'notify'] as const;
/** Calls a second. Ten times as many are more than two cores do with broker and ClickHouse beside them. */
const USUAL = 400;
const TIMES = 10;
const WARM_UP_FOR = 5 * MINUTE;
const USUAL_FOR = 5 * MINUTE;
const OVERLOADED_FOR = 30 * MINUTE;
const MB = 1024 * 1024;

type Sizes = Record<(typeof SERVICES)[number], number>;

/** The same accounts call ten times as often: each of their windows holds ten times as many calls. */
export const benchOverload = (): Promise<BenchResult> =>
  measureOverload('overload', 1, 'the same accounts call more often');

/** As after an outage: what comes is as always, but event time passes ten times as fast. */
export const benchCatchUp = (): Promise<BenchResult> =>
  measureOverload('catch-up', TIMES, 'of which event time passes as much faster');

/**
 * Half an hour of ten times the usual: what each service's memory does while its input waits in Kafka, and whether every call is in its account's days in the end.
 * The ledger of what was sent is the bench's own. `speed`: of event time while it lasts.
 *
 * What it is compared with has a history: the usual calls, sent TIMES as fast, then processes that start anew and restore what those have left. Without it the first minutes know few
 * accounts, and what they come to know later would pass for what overload costs.
 */
async function measureOverload(name: string, speed: number, how: string): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  const webhook = await recordWebhooks();
  const stack = await createStack({ dir, partitions: PARTITIONS, webhookUrl: webhook.url, names: SERVICES });
  const kafka = createKafkaClient({ brokers: stack.brokers.split(','), clientId: 'bench' }, pino({ level: 'silent' }));
  const admin = kafka.admin();
  const producer = kafka.producer();
  const clickHouse = openClickHouseForTest(stack.clickHouseUrl, stack.database);
  try {
    await stack.startServices();
    await admin.connect();
    await producer.connect();
    const clock = createClock();
    const { publishFor, sent } = createPacedCalls(producer, clock.at);
    clock.passes(TIMES);
    await publishFor(WARM_UP_FOR, USUAL * TIMES);
    clock.passes(0);
    await until(
      'the warm-up is worked off',
      WARM_UP_FOR,
      async () => (await behindIn(admin, 'calls', TOPICS.calls)) === 0,
    );
    await stack.stopServices();
    await stack.startServices();
    clock.passes(1);
    const usual = await peaks(stack, publishFor(USUAL_FOR, USUAL));
    const behindBefore = await behindIn(admin, 'calls', TOPICS.calls);
    clock.passes(speed);
    const overloaded = await peaks(stack, publishFor(OVERLOADED_FOR, USUAL * TIMES));
    const behindAfter = await behindIn(admin, 'calls', TOPICS.calls);
    const total = [...sent.values()].reduce((a, b) => a + b, 0);
    const latest = clock.at(Date.now());
    await closeWindows(producer, latest);
    const drainedFrom = performance.now();
    await settled(stack, latest);
    const drained = (performance.now() - drainedFrom) / 1_000;
    const { lost, doubled } = await compare(clickHouse, stack.database, sent);
    return {
      name,
      input: `calls, links, clusters, sink and notify, one process each, ${PARTITIONS} partitions, broker and ClickHouse beside them; ${ACCOUNTS} accounts, calls without text: the usual ${USUAL} a second, ${(WARM_UP_FOR * TIMES) / MINUTE} minutes of them in ${WARM_UP_FOR / MINUTE}; all restarted; ${USUAL_FOR / MINUTE} minutes of them, then ${USUAL * TIMES} for ${OVERLOADED_FOR / MINUTE}, ${how}`,
      runs: [
        {
          what: 'the input',
          figures: [
            { value: total, unit: 'sent' },
            { value: lost, unit: 'lost' },
            { value: doubled, unit: 'twice' },
            { value: behindBefore, unit: 'behind before' },
            { value: behindAfter, unit: 'behind at the end of it' },
            { value: drained, unit: 's until all was stored' },
          ],
        },
        ...SERVICES.map((name) => ({
          what: name,
          figures: [megabytes(overloaded[name], 'at most'), { value: usual[name], unit: 'MB at most before' }],
        })),
      ],
      ratios: Object.fromEntries(SERVICES.map((name) => [`${name} before`, overloaded[name] / usual[name]])),
    };
  } finally {
    await clickHouse.close();
    await producer.disconnect();
    await admin.disconnect();
    await stack.stop();
    await webhook.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Event time, which passes as fast as it is told to. In the past: no other clock closes its windows. */
function createClock(): { at(now: number): number; passes(speed: number): void } {
  let from = { now: Date.now(), time: T };
  let speed = 1;
  const at = (now: number): number => from.time + Math.round(speed * (now - from.now));
  return {
    at,
    passes(next) {
      const now = Date.now();
      from = { now, time: at(now) };
      speed = next;
    },
  };
}

/** The most that each service has resident, in MB, looked at once a second until `over`. */
async function peaks(stack: Stack, over: Promise<unknown>): Promise<Sizes> {
  const sizes: Sizes = { calls: 0, links: 0, clusters: 0, sink: 0, notify: 0 };
  await everySecond(over, async () => {
    for (const name of SERVICES)
      sizes[name] = Math.max(sizes[name], (await residentBytes(stack.services.get(name)?.pid())) / MB);
  });
  return sizes;
}

/** A call of the day after next in each partition. */
async function closeWindows(producer: Producer, latest: number): Promise<void> {
  const codec = createCodecs(null).of('api-call');
  const at = lastClose(latest) + DAY;
  const messages = Array.from({ length: PARTITIONS }, (_, partition) => {
    const call = closingCall(partition, at);
    return { partition, key: call.account_id, value: codec.encode(call) };
  });
  await producer.send({ topic: TOPICS.calls, messages });
}

/** Calls that were sent and are in no day of their account, and calls that are in one more than once. */
async function compare(
  clickHouse: ClickHouse,
  database: string,
  sent: ReadonlyMap<string, number>,
): Promise<{ lost: number; doubled: number }> {
  const rows = await clickHouse.query<{ account_id: string; calls: string }>(
    `SELECT account_id, toString(sum(calls)) AS calls FROM ${database}.account_windows FINAL WHERE window_size = 'day' GROUP BY account_id`,
  );
  const stored = new Map(rows.map(({ account_id, calls }) => [account_id, Number(calls)]));
  let lost = 0;
  let doubled = 0;
  for (const [account, calls] of sent) {
    const found = stored.get(account) ?? 0;
    lost += Math.max(0, calls - found);
    doubled += Math.max(0, found - calls);
  }
  return { lost, doubled };
}
