import type { TaskState } from './task.ts';

/** What the runner measures; made from the process's registry by `createStreamMetrics`. */
export interface StreamMetrics {
  processed(topic: string, records: number): void;
  emitted(topic: string): void;
  rejected(topic: string, reason: string): void;
  /** What a step counted by itself: late, duplicate, evicted, ... */
  counted(name: string, reason: string, by: number): void;
  /** `unknown`: an error at or after commit; the truth is read again. */
  transaction(outcome: 'committed' | 'unknown', seconds: number): void;
  checkpointed(bytes: number): void;
  watermark(partition: number, milliseconds: number): void;
  lag(topic: string, partition: number, records: number): void;
  state(partition: number, state: TaskState): void;
}
