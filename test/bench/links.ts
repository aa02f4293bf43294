import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startKafka } from '../../infra/kafka/start.ts';
import { stateTopic } from '../../services/stream/kafka/binding.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { makeTopics } from '../../services/stream/kafka/make-topics.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { askProcess } from './answer.ts';
import { committedBy } from './coordinator.ts';
import { LINKS_PARTITIONS, type LinksLoad } from './links-load.ts';
import type { Filled, LinksMeasured, RestoredLinks } from './links-process.ts';
import { type BenchResult, megabytes, throughput } from './result.ts';

/** Megabytes of JavaScript's heap: V8 else lets garbage grow until the machine is full. The state itself is outside of it. */
const HEAP = 1_536;

/** The links step alone at its own input, in one process on one core, and the time to have its state back from Kafka in another. */
export async function benchLinks(): Promise<BenchResult> {
  return await compare('links', 100_000, [
    { what: 'even, 15 % popular', popular: 0.15, linking: true },
    { what: 'skewed, 60 % popular', popular: 0.6, linking: true },
    { what: 'even, index only', popular: 0.15, linking: false },
  ]);
}

/** The size that is promised. */
export async function benchLinksMillion(): Promise<BenchResult> {
  return await compare('links-million', 1_000_000, [{ what: 'even, 15 % popular', popular: 0.15, linking: true }]);
}

async function compare(
  name: string,
  accounts: number,
  kinds: readonly { what: string; popular: number; linking: boolean }[],
): Promise<BenchResult> {
  const runs = [];
  for (const { what, popular, linking } of kinds) {
    const { filled, restored } = await measure({ accounts, popular }, linking);
    runs.push({
      what,
      figures: [
        throughput(filled.pairs, filled.cpuSeconds),
        megabytes(filled.peakMemoryMb, 'at most'),
        megabytes(filled.residentMb, 'resident'),
        { value: restored.seconds, unit: 's until another process has it' },
        { value: restored.residentMb, unit: 'MB resident there' },
      ],
    });
  }
  return {
    name,
    input: `${accounts} accounts with 20 attributes each, three days of sign-ups and first sightings, one account in five in a campaign; an event is a new pair; a checkpoint every 200,000; node --max-old-space-size=${HEAP}`,
    runs,
    ratios: {},
  };
}

async function measure(load: LinksLoad, linking: boolean): Promise<{ filled: Filled; restored: RestoredLinks }> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  const kafka = await startKafka({ dir });
  try {
    const { brokers } = kafka;
    const client = createKafkaClient({ brokers: brokers.split(','), clientId: 'bench' }, pino({ level: 'silent' }));
    await withAdmin(client, async (admin) => {
      await makeTopics(admin, [
        ...[TOPICS.linkObservations, TOPICS.accounts, TOPICS.assignments].map((topic) => ({
          topic,
          numPartitions: LINKS_PARTITIONS,
        })),
        { topic: stateTopic('links'), numPartitions: 1 },
        { topic: TOPICS.deadLetters, numPartitions: 1 },
      ]);
      await committedBy(admin, 'links', TOPICS.accounts);
    });
    const filled = await ask<Filled>({ brokers, phase: 'fill', load, linking });
    const restored = await ask<RestoredLinks>({ brokers, phase: 'restore' });
    return { filled, restored };
  } finally {
    await kafka.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

function ask<Said>(what: LinksMeasured): Promise<Said> {
  return askProcess('links-process.ts', what, [`--max-old-space-size=${HEAP}`]);
}
