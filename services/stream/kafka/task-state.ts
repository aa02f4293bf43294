/** Where a task stands; the machine is drawn in task.ts. */
export type TaskState =
  | 'fencing'
  | 'restoring'
  | 'replaying'
  | 'running'
  | 'waiting_for_registry'
  | 'recovering'
  | 'closed'
  | 'fatal';

export interface TaskStatus {
  partition: number;
  state: TaskState;
  /** Next offset of each input: processed, and committed. */
  positions: Record<string, { processed: string; committed: string }>;
  watermark: number;
  lastCheckpoint: number | null;
  replayRemaining: number;
  idle: boolean;
}
