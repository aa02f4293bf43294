import type { Logger } from 'pino';
import type { StepBinding } from './binding.ts';
import type { Admin, KafkaClient } from './client.ts';
import type { EndOffsets } from './end-offsets.ts';
import type { GroupMember } from './membership.ts';
import type { StreamMetrics } from './metrics.ts';

export interface TaskSettings {
  commitInterval: number;
  checkpointInterval: number;
  idleTimeout: number;
  idleSpeed: number;
}

export interface TaskDeps<Inputs, Outputs> {
  kafka: KafkaClient;
  admin: Admin;
  endOffsets: EndOffsets;
  membership: GroupMember;
  binding: StepBinding<Inputs, Outputs>;
  partition: number;
  partitions: number;
  partitionsOf(topic: string): readonly number[];
  settings: TaskSettings;
  metrics: StreamMetrics;
  log: Logger;
  /** The time of day, for what is shown. */
  now(): number;
  /** For every interval: a clock that is set right must not stop or hurry a task. */
  monotonicNow(): number;
  onFatal(error: Error): void;
}
