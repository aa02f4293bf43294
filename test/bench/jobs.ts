import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type KafkaCluster, startKafka } from '../../infra/kafka/start.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { stateTopic } from '../../services/stream/kafka/binding.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { makeTopics } from '../../services/stream/kafka/make-topics.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { seededRandom } from '../support/random.ts';
import { T } from '../support/records.ts';
import { type Answer, askProcess } from './answer.ts';
import { runKafkaStreams } from './kafka-streams/run.ts';
import { cpuSecondsOf } from './process-cpu.ts';
import { type BenchResult, type BenchRun, first, medianRun, megabytes, throughput } from './result.ts';
import { createPrompts, syntheticCall } from './synthetic-calls.ts';

/** What a measured process is told. */
export interface Measured {
  job: 'raw' | 'same-job' | 'calls';
  brokers: string;
  events: number;
  /** Makes groups, topics and transactional ids its own. */
  run: string;
}

const PARTITIONS = 4;
const REPEATS = 3;
/** Milliseconds, of ours and of Kafka Streams. */
const COMMIT_INTERVAL = 500;

type Job = 'same-job' | 'calls';

export async function benchSameJob(): Promise<BenchResult> {
  return await compare('same-job', 'same-job', {
    events: 1_000_000,
    accounts: 100_000,
    perSecond: 10_000,
    what: 'per-account one-minute windows (calls, tokens, errors, distinct addresses), exactly once, rows to a topic; calls without text',
    promptLength: 0,
  });
}

/** Twenty calls an account: what an account costs when it is first seen does not hide what a call costs. */
export const BUSY = { events: 400_000, accounts: 20_000, perSecond: 2_000 };

const WHOLE_STEP =
  'the whole calls step: validation, account table, networks, clients, windows of three sizes, link observations, exactly once';

export async function benchCalls(): Promise<BenchResult> {
  const what = `${WHOLE_STEP}; calls without text; the others do the same-job`;
  return await compare('calls', 'calls', { ...BUSY, what, promptLength: 0 });
}

export async function benchCallsWithText(): Promise<BenchResult> {
  const what = `${WHOLE_STEP}, fingerprints; prompts of 600 characters; the others do the same-job`;
  return await compare('calls-with-text', 'calls', { ...BUSY, what, promptLength: 600 });
}

/** What one contender takes for all calls of the topic; `run` is different for each. */
type Contender = (kafka: KafkaCluster, events: number, run: string) => Promise<Answer>;

const raw: Contender = ({ brokers }, events, run) => measure({ job: 'raw', brokers, events, run });

const ours: Readonly<Record<Job, Contender>> = {
  async 'same-job'(kafka, events, run) {
    await createTopics(kafka, [`bench.${run}`, stateTopic(`bench-${run}`), `bench.${run}.dead`]);
    return await measure({ job: 'same-job', brokers: kafka.brokers, events, run });
  },
  async calls(kafka, events, run) {
    await resetTopics(kafka);
    return await measure({ job: 'calls', brokers: kafka.brokers, events, run });
  },
};

const kafkaStreams: Contender = async (kafka, events, run) => {
  await createTopics(kafka, [`bench.${run}`]);
  return await runKafkaStreams({
    brokers: kafka.brokers,
    topic: TOPICS.calls,
    events,
    run,
    commitInterval: COMMIT_INTERVAL,
    output: `bench.${run}`,
  });
};

interface Load {
  events: number;
  accounts: number;
  /** Calls a second, in event time: how many there are to a window. */
  perSecond: number;
  what: string;
  /** Characters of a call's prompt; 0: calls have none. */
  promptLength: number;
}

async function compare(name: string, job: Job, load: Load): Promise<BenchResult> {
  const { events, accounts, perSecond, what } = load;
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  const kafka = await startKafka({ dir });
  try {
    await publishCalls(kafka, load);
    const contenders: readonly { over: string; contender: Contender }[] = [
      { over: `stillwatch ${job}`, contender: ours[job] },
      { over: 'raw kafkajs + avsc + a Map', contender: raw },
      { over: 'Kafka Streams exactly_once_v2', contender: kafkaStreams },
    ];
    const samples: BenchRun[] = [];
    // In turn, so that all see the same drift of the machine.
    for (let i = 0; i < REPEATS; i++) {
      for (const { over, contender } of contenders) {
        const run = `${over.replace(/\W+/g, '-')}-${i}`;
        const broker = kafka.nodes[0]?.pid ?? null;
        const before = cpuSecondsOf(broker);
        const { cpuSeconds, peakMemoryMb } = await contender(kafka, events, run);
        const ofBroker = {
          value: events / (cpuSecondsOf(broker) - before),
          unit: "events per CPU-second of the broker's",
        };
        samples.push({
          what: over,
          figures: [throughput(events, cpuSeconds), megabytes(peakMemoryMb, 'at most'), ofBroker],
        });
      }
    }
    const [own, ...others] = contenders.map(({ over }) => medianRun(samples.filter(({ what }) => what === over)));
    if (own === undefined) throw new Error('nothing was measured');
    return {
      name,
      input: `${events} calls of ${accounts} accounts, ${perSecond} a second, ${PARTITIONS} partitions; ${what}`,
      runs: [own, ...others],
      ratios: Object.fromEntries(others.map((other) => [other.what, first(own) / first(other)])),
    };
  } finally {
    await kafka.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

function measure(what: Measured): Promise<Answer> {
  return askProcess('measured.ts', what);
}

export function benchClient(kafka: KafkaCluster) {
  return createKafkaClient({ brokers: kafka.brokers.split(','), clientId: 'bench' }, pino({ level: 'silent' }));
}

async function createTopics(kafka: KafkaCluster, topics: readonly string[]): Promise<void> {
  await withAdmin(benchClient(kafka), (admin) =>
    makeTopics(
      admin,
      topics.map((topic) => ({ topic, numPartitions: PARTITIONS })),
    ),
  );
}

/** The calls step has fixed names: each run begins with its topics and offsets gone. */
export async function resetTopics(kafka: KafkaCluster): Promise<void> {
  const topics = [
    TOPICS.accountWindows,
    TOPICS.linkObservations,
    TOPICS.lateCalls,
    TOPICS.deadLetters,
    TOPICS.accounts,
    stateTopic('calls'),
  ];
  await withAdmin(benchClient(kafka), async (admin) => {
    const known = new Set(await admin.listTopics());
    const old = topics.filter((topic) => known.has(topic));
    if (old.length > 0) {
      await admin.deleteTopics({ topics: old });
      await admin.deleteGroups(['stillwatch.calls.offsets']);
    }
    for (let left = old.length; left > 0; ) {
      const still = new Set(await admin.listTopics());
      left = old.filter((topic) => still.has(topic)).length;
    }
  });
  await createTopics(kafka, topics);
}

/** Tail-heavy over the accounts, in order of time. */
export async function publishCalls(
  kafka: KafkaCluster,
  { events, accounts, perSecond, promptLength }: Omit<Load, 'what'>,
): Promise<void> {
  await createTopics(kafka, [TOPICS.calls]);
  const codec = createCodecs(null).of('api-call');
  const random = seededRandom(3);
  const prompt = createPrompts(promptLength);
  const producer = benchClient(kafka).producer();
  await producer.connect();
  // What a partition gets of a send is one batch, of which a broker takes 1 MiB.
  const atOnce = promptLength === 0 ? 5_000 : 2_000;
  for (let sent = 0; sent < events; ) {
    const messages = [];
    for (let i = 0; i < atOnce && sent < events; i++, sent++) {
      const call = syntheticCall(sent, T + Math.floor((sent * 1_000) / perSecond), random, prompt, accounts);
      messages.push({ key: call.account_id, value: codec.encode(call) });
    }
    await producer.send({ topic: TOPICS.calls, messages });
  }
  await producer.disconnect();
}
