import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaCluster, startKafka } from '../../infra/kafka/start.ts';

export interface TestKafka {
  /** What KAFKA_BROKERS wants. */
  brokers: string;
  stop(): Promise<void>;
}

/** The one place that chooses the Kafka that tests run on: the one in KAFKA_BROKERS, else a broker of our own on free ports. */
export async function startKafkaForTest(): Promise<TestKafka> {
  const given = process.env['KAFKA_BROKERS'];
  if (given !== undefined && given !== '') return { brokers: given, stop: async () => {} };
  const { cluster, stop } = await startOwnKafka(1);
  return { brokers: cluster.brokers, stop };
}

/** A cluster that the test may kill and restart: never a given one. */
export async function startOwnKafka(brokers: 1 | 3): Promise<{ cluster: KafkaCluster; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-kafka-'));
  const cluster = await startKafka({ dir, brokers });
  return {
    cluster,
    async stop() {
      await cluster.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
