import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { createStack, type Stack } from '../../infra/local/stack.ts';
import { fnv } from '../../services/clusters/partition.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { type Codecs, createCodecs } from '../../services/records/codec/codecs.ts';
import { registrySchemas } from '../../services/records/codec/schema-registry.ts';
import { DAY, HOUR, windowStart } from '../../services/records/window.ts';
import { createKafkaClient, type KafkaClient } from '../../services/stream/kafka/client.ts';
import { readTopic } from '../../services/stream/kafka/read-topic.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { startRegistry } from '../faults/harness/registry.ts';
import { openClickHouseForTest, recordWebhooks, settled } from '../support/pipeline.ts';
import { mutants, STEP } from './generator.ts';
import type { FuzzOptions } from './in-process.ts';
import type { Mutant } from './mutant.ts';
import { imbalance, type Tally } from './tally.ts';
import { foreignSchemas } from './writers.ts';

export interface LiveOptions extends FuzzOptions {
  /** Data and logs. */
  dir: string;
}

const PARTITIONS = 2;
const MOST_BYTES = 1_000_000;
const MOST_MESSAGES = 500;
/** Nothing moves anywhere for so long, milliseconds: the line stands. */
const STALL = 180_000;
const log = pino({ level: 'silent' });

/** What was sent, by the place where it stands. */
type Sent = ReadonlyMap<string, { digest: string; kind: string }>;

/**
 * The same mutants over a real broker through the services as processes, into a real ClickHouse. What came of them is read from the topics and tables: every dead
 * letter must have the bytes and the key that were sent to its place, and the sum must be exact.
 */
export async function fuzzLive({ inputs, seed, dir, progress = () => {} }: LiveOptions): Promise<Tally> {
  const registry = await startRegistry({ foreign: foreignSchemas() });
  const webhook = await recordWebhooks();
  const crashes: string[] = [];
  const watching = new AbortController();
  const stack = await createStack({
    dir,
    partitions: PARTITIONS,
    webhookUrl: webhook.url,
    names: ['calls', 'links', 'clusters', 'sink', 'notify'],
    ended: (name, code) => crashes.push(`${name} ended with ${code}`),
    env: {
      SCHEMA_REGISTRY_URL: registry.url,
      // Not taken for idle while the machine is busy; at the end, the day is closed at once.
      STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '20000',
      STILLWATCH_STREAM_IDLE_SPEED: '10000000',
    },
  });
  try {
    const kafka = createKafkaClient({ brokers: stack.brokers.split(','), clientId: 'fuzz' }, log);
    await stack.startServices();
    // Yesterday: within what the topics keep, and all of it on one day.
    const start = windowStart('day', Date.now()) - DAY + HOUR;
    const schemas = registrySchemas({ url: registry.url, fetch, monotonicNow: () => performance.now(), subjects: {} });
    await schemas.register();
    const codecs = createCodecs(schemas);
    const { sent, calls, accounts } = await send(kafka, codecs, { inputs, seed, start, progress });
    await Promise.race([settled(stack, start + inputs * STEP), untilStalled(stack, crashes, watching.signal)]);
    const tally = await count(kafka, stack, sent, { calls, accounts });
    assert.deepEqual(crashes, [], 'no service ended');
    assert.equal(imbalance(tally), null);
    return tally;
  } finally {
    watching.abort();
    await stack.stop();
    await webhook.close();
    await registry.close();
  }
}

/** All calls of an account on one partition, as a gateway's keys see to it; whatever the mutants' own keys are. */
function partitionOf(codecs: Codecs, { value, index }: Mutant): number {
  const decoded = codecs.of('api-call').decode(value);
  return decoded.ok ? fnv(decoded.value.account_id) % PARTITIONS : index % PARTITIONS;
}

async function send(
  kafka: KafkaClient,
  codecs: Codecs,
  { inputs, seed, start, progress }: { inputs: number; seed: number; start: number; progress(done: number): void },
): Promise<{ sent: Sent; calls: number; accounts: number }> {
  const sent = new Map<string, { digest: string; kind: string }>();
  const ends = new Map<string, number>();
  const producer = kafka.producer();
  await producer.connect();
  let batch: { mutant: Mutant; partition: number }[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const topicMessages = (['calls', 'accounts'] as const).map((name) => ({
      topic: TOPICS[name],
      messages: batch
        .filter(({ mutant }) => mutant.kind.topic === name)
        .map(({ mutant: { key, value, timestamp }, partition }) => ({
          key,
          value,
          timestamp: String(timestamp),
          partition,
        })),
    }));
    await producer.sendBatch({ topicMessages: topicMessages.filter(({ messages }) => messages.length > 0) });
    progress((batch.at(-1)?.mutant.index ?? 0) + 1);
    batch = [];
    bytes = 0;
  };
  const options = { seed, inputs, start, codecs: createCodecs(null), hasher: await createHasher('a key for tests') };
  for (const mutant of mutants(options)) {
    const { kind, key, value } = mutant;
    await codecs.prepare([mutant]);
    const partition = partitionOf(codecs, mutant);
    const place = `${TOPICS[kind.topic]}/${partition}`;
    const offset = ends.get(place) ?? 0;
    ends.set(place, offset + 1);
    sent.set(`${place}/${offset}`, { digest: digest(key, value), kind: kind.name });
    const size = value?.length ?? 0;
    if (batch.length >= MOST_MESSAGES || (batch.length > 0 && bytes + size > MOST_BYTES)) await flush();
    batch.push({ mutant, partition });
    bytes += size;
  }
  if (batch.length > 0) await flush();
  await producer.disconnect();
  const of = (topic: string): number => [...sent.keys()].filter((place) => place.startsWith(`${topic}/`)).length;
  return { sent, calls: of(TOPICS.calls), accounts: of(TOPICS.accounts) };
}

function digest(key: Uint8Array | null, value: Uint8Array | null): string {
  const hash = createHash('sha256');
  for (const bytes of [key, value]) {
    hash.update(bytes === null ? 'none' : `${bytes.length} `);
    if (bytes !== null) hash.update(bytes);
  }
  return hash.digest('base64');
}

/** Rejects when nothing has moved for too long, or a service has ended. */
async function untilStalled(stack: Stack, crashes: readonly string[], signal: AbortSignal): Promise<void> {
  let before = '';
  let since = performance.now();
  while (!signal.aborted) {
    const views = await Promise.all(
      [...stack.services.values()].map(async (service) => {
        try {
          return await (await fetch(`${service.url()}/status`)).text();
        } catch {
          return ''; // busy
        }
      }),
    );
    const now = views.join();
    if (now !== before) since = performance.now();
    before = now;
    if (crashes.length > 0) throw new Error(crashes.join('; '));
    if (performance.now() - since > STALL) throw new Error(`nothing moves: ${now}`);
    await delay(1_000);
  }
}

async function count(
  kafka: KafkaClient,
  stack: Stack,
  sent: Sent,
  inputs: { calls: number; accounts: number },
): Promise<Tally> {
  const codecs = createCodecs(null);
  const { dead, deadAccounts, byReason } = await readLetters(kafka, codecs, sent);
  let late = 0;
  for await (const _ of readTopic({ kafka, log, topic: TOPICS.lateCalls, instance: `fuzz-${process.pid}` })) late++;
  const clickHouse = openClickHouseForTest(stack.clickHouseUrl, stack.database);
  const number = async (sql: string): Promise<number> =>
    Number((await clickHouse.query<{ n: string }>(sql.replaceAll('{db}', stack.database)))[0]?.n ?? 0);
  const processed = await number(`SELECT sum(calls) AS n FROM {db}.account_windows FINAL WHERE window_size = 'minute'`);
  const days = await number(`SELECT sum(calls) AS n FROM {db}.account_windows FINAL WHERE window_size = 'day'`);
  const stored = await number('SELECT count() AS n FROM {db}.dead_letters FINAL');
  await clickHouse.close();
  assert.equal(days, processed, 'the days hold what the minutes hold');
  assert.equal(stored, dead + deadAccounts, 'ClickHouse knows every dead letter');
  const metrics = await (await fetch(`${stack.services.get('calls')?.url()}/metrics`)).text();
  const duplicates = metrics.matchAll(/^stillwatch_stream_decisions_total\{[^}]*name="duplicate"[^}]*\} (\d+)$/gm);
  return {
    inputs: inputs.calls,
    processed,
    dead,
    late,
    duplicate: [...duplicates].reduce((sum, [, value]) => sum + Number(value), 0),
    // What is not refused is applied: the table of accounts has no output of its own.
    accounts: { inputs: inputs.accounts, applied: inputs.accounts - deadAccounts, dead: deadAccounts },
    byReason,
  };
}

async function readLetters(kafka: KafkaClient, codecs: Codecs, sent: Sent) {
  const byReason = new Map<string, number>();
  const seen = new Set<string>();
  let dead = 0;
  let deadAccounts = 0;
  for await (const message of readTopic({ kafka, log, topic: TOPICS.deadLetters, instance: `fuzz-${process.pid}` })) {
    const letter = codecs.of('dead-letter').decode(message.value);
    assert.ok(letter.ok);
    const { topic, partition, offset, reason, detail, key, value } = letter.value;
    const place = `${topic}/${partition}/${offset}`;
    const original = sent.get(place);
    assert.ok(original !== undefined, `a letter of what was not sent: ${place}`);
    assert.equal(digest(key, value), original.digest, `the original bytes: ${place}, ${original.kind}`);
    assert.ok(reason !== '' && detail !== '' && !seen.has(place), `${place} has a reason, and one letter`);
    seen.add(place);
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    if (topic === TOPICS.calls) dead++;
    else deadAccounts++;
  }
  return { dead, deadAccounts, byReason };
}
