import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startClickHouse } from '../../infra/clickhouse/start.ts';
import { startKafka } from '../../infra/kafka/start.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { writeRecords } from '../../services/replay/record-file.ts';
import { sinkSources } from '../../services/sink/sources.ts';
import { createKafkaClient, type Producer } from '../../services/stream/kafka/client.ts';
import { makeTopics } from '../../services/stream/kafka/make-topics.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { type Answer, askProcess } from './answer.ts';
import { cpuSecondsOf } from './process-cpu.ts';
import { type RecordedInput, recordWindows } from './recorded-windows.ts';
import { type BenchResult, type BenchRun, first, medianRun, megabytes, throughput } from './result.ts';
import type { SinkTask } from './sink-process.ts';

const REPEATS = 3;
const PARTITIONS = 4;
const SEND = 2_000;

/** Windows of accounts on their way into ClickHouse: the sink, exactly once out of Kafka, beside a plain insert of the same rows. */
export async function benchSink(): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  const kafka = await startKafka({ dir: join(dir, 'kafka') });
  const clickHouse = await startClickHouse({ dir: join(dir, 'clickhouse') });
  try {
    const codecs = createCodecs(null);
    const windows = recordWindows(codecs).filter(
      (input): input is RecordedInput & { window: Buffer } => 'window' in input,
    );
    const client = createKafkaClient(
      { brokers: kafka.brokers.split(','), clientId: 'bench' },
      pino({ level: 'silent' }),
    );
    const topics = sinkSources(codecs).map(({ topic }) => ({ topic, numPartitions: PARTITIONS }));
    await withAdmin(client, (admin) => makeTopics(admin, topics));
    const producer = client.producer();
    await producer.connect();
    const windowsFile = join(dir, 'windows');
    writeRecords(
      windowsFile,
      windows.map(({ window }) => window),
    );
    const samples: BenchRun[] = [];
    for (let i = 0; i < REPEATS; i++) {
      // Again each time: the sink goes on where it was.
      await publish(producer, windows);
      for (const what of ['sink', 'plain insert'] as const) {
        const before = cpuSecondsOf(clickHouse.pid);
        const answer = await askProcess<Answer>('sink-process.ts', {
          what,
          brokers: kafka.brokers,
          clickHouseUrl: clickHouse.url,
          database: `bench_${what.replace(' ', '_')}_${i}`,
          rows: windows.length,
          windowsFile,
        } satisfies SinkTask);
        samples.push({
          what,
          figures: [
            throughput(windows.length, answer.cpuSeconds),
            megabytes(answer.peakMemoryMb, 'at most'),
            {
              value: windows.length / (cpuSecondsOf(clickHouse.pid) - before),
              unit: "events per CPU-second of ClickHouse's",
            },
          ],
        });
      }
    }
    await producer.disconnect();
    const [own, plain] = ['sink', 'plain insert'].map((name) => medianRun(samples.filter(({ what }) => what === name)));
    if (own === undefined || plain === undefined) throw new Error('nothing was measured');
    return {
      name: 'sink',
      input: `${windows.length} windows of accounts, ${PARTITIONS} partitions; the plain insert has its rows in memory and knows nothing of Kafka`,
      runs: [own, plain],
      ratios: { 'plain insert': first(own) / first(plain) },
    };
  } finally {
    await clickHouse.stop();
    await kafka.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function publish(producer: Producer, windows: readonly { window: Buffer }[]): Promise<void> {
  for (let at = 0; at < windows.length; at += SEND) {
    const messages = windows
      .slice(at, at + SEND)
      .map(({ window }, i) => ({ key: null, partition: (at + i) % PARTITIONS, value: window }));
    await producer.send({ topic: TOPICS.accountWindows, messages });
  }
}
