import type { Logger } from 'pino';
import type { StepBinding } from './binding.ts';
import { consumerGroup, stateTopic } from './binding.ts';
import type { Admin, KafkaClient } from './client.ts';
import { createEndOffsets } from './end-offsets.ts';
import { FatalStateError } from './errors.ts';
import { missingRight } from './forbidden.ts';
import { lagsOf, measureRegularly } from './lag.ts';
import { type Assignment, Membership } from './membership.ts';
import type { StreamMetrics } from './metrics.ts';
import { Task } from './task.ts';
import type { TaskSettings } from './task-deps.ts';
import type { TaskStatus } from './task-state.ts';

export interface RunnerDeps {
  kafka: KafkaClient;
  log: Logger;
  metrics: StreamMetrics;
  settings: TaskSettings;
  now(): number;
  monotonicNow(): number;
  /** The process must end: a task cannot go on without a person. */
  onFatal(error: Error): void;
}

export interface StepRunner {
  /** Joins the group; tasks start as partitions are assigned. Throws when a topic is missing. */
  start(): Promise<void>;
  /** Finishes and commits what is under way, and leaves the group. */
  stop(): Promise<void>;
  status(): TaskStatus[];
  /** At least one assignment has been received and every task of this process is running. */
  isReady(): boolean;
}

/** Runs a step over Kafka, exactly once: the tasks of this process, as many as the group gives it. */
export function createStepRunner<Inputs, Outputs>(binding: StepBinding<Inputs, Outputs>, deps: RunnerDeps): StepRunner {
  const { kafka, log, metrics, settings, now, monotonicNow, onFatal } = deps;
  const admin = kafka.admin();
  const tasks = new Map<number, Task<Inputs, Outputs>>();
  const closing = new Set<Promise<void>>();
  const inputTopics = [...new Set(Object.values<{ topic: string }>(binding.inputs).map(({ topic }) => topic))];
  let membership: Membership | null = null;
  let joined = false;
  let stopping = false;
  let stopMeasuring = (): void => {};

  const close = (partition: number, task: Task<Inputs, Outputs>): void => {
    tasks.delete(partition);
    const closed = task.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };

  return {
    async start() {
      await admin.connect();
      const topicPartitions = await partitionsByTopic(admin, [...inputTopics, stateTopic(binding.step)]);
      const counts = new Set(
        inputTopics.filter((topic) => !isTable(binding, topic)).map((topic) => topicPartitions.get(topic)?.length ?? 0),
      );
      if (counts.size !== 1) {
        throw new FatalStateError(
          `the inputs of ${binding.step} have different numbers of partitions: ${describe(inputTopics, topicPartitions)}`,
          'create them alike with `stillwatch topics apply`',
        );
      }
      const [partitions = 0] = counts;
      const endOffsets = createEndOffsets(admin);
      const onAssigned = (assignment: Assignment): void => {
        metrics.joined();
        if (stopping || membership === null) return;
        joined = true;
        const mine = new Set(assignment.get(stateTopic(binding.step)) ?? []);
        for (const [partition, task] of tasks) if (!mine.has(partition)) close(partition, task);
        for (const partition of mine) {
          if (tasks.has(partition)) continue;
          const partitionsOf = (topic: string): readonly number[] =>
            binding.tasks === 'single' ? (topicPartitions.get(topic) ?? []) : [partition];
          tasks.set(
            partition,
            new Task({
              kafka,
              admin,
              endOffsets,
              membership,
              binding,
              partition,
              partitions,
              partitionsOf,
              settings,
              metrics,
              log,
              now,
              monotonicNow,
              onFatal,
            }),
          );
        }
      };
      membership = new Membership({
        kafka,
        log,
        groupId: consumerGroup(binding.step),
        topics: [...inputTopics, stateTopic(binding.step)],
        tasks: binding.tasks,
        onAssigned,
        onForbidden: onFatal,
      });
      membership.start();
      stopMeasuring = measureRegularly(async () => {
        metrics.tasks([...tasks.values()].map((task) => task.status()));
        const positions = [...tasks.values()].flatMap((task) => task.positions());
        metrics.lag(await lagsOf(positions, endOffsets));
      }, log);
    },
    async stop() {
      stopping = true;
      stopMeasuring();
      for (const [partition, task] of tasks) close(partition, task);
      await Promise.all(closing);
      await membership?.stop();
      await admin.disconnect();
    },
    status: () => [...tasks.values()].map((task) => task.status()).sort((a, b) => a.partition - b.partition),
    isReady: () => joined && [...tasks.values()].every((task) => task.status().state === 'running'),
  };
}

function isTable<Inputs, Outputs>(binding: StepBinding<Inputs, Outputs>, topic: string): boolean {
  return Object.values<{ topic: string; time: { kind: string } }>(binding.inputs).some(
    (input) => input.topic === topic && input.time.kind === 'table',
  );
}

async function partitionsByTopic(admin: Admin, topics: readonly string[]): Promise<Map<string, number[]>> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(topic));
  // A topic that we may not see is not listed either: asked for by name, it is refused with the right that is missing.
  for (const topic of missing)
    await admin.fetchTopicMetadata({ topics: [topic] }).catch((error: unknown) => {
      if (missingRight(error) !== null) throw error;
    });
  if (missing.length > 0)
    throw new FatalStateError(
      `topics do not exist: ${missing.join(', ')}`,
      'create them with `stillwatch topics apply`',
    );
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  return new Map(
    metadata.topics.map(({ name, partitions }) => [
      name,
      partitions.map(({ partitionId }) => partitionId).sort((a, b) => a - b),
    ]),
  );
}

function describe(topics: readonly string[], partitions: ReadonlyMap<string, readonly number[]>): string {
  return topics.map((topic) => `${topic} ${partitions.get(topic)?.length ?? 0}`).join(', ');
}
