import { type Metrics, replaceSeries } from '../../platform/metrics.ts';
import type { Lag } from './lag.ts';
import type { TaskState } from './task-state.ts';

/** What the runner measures. */
export interface StreamMetrics {
  processed(topic: string, records: number): void;
  emitted(topic: string): void;
  rejected(topic: string, reason: string): void;
  /** What a step counted by itself: late, duplicate, evicted, ... */
  counted(name: string, reason: string, by: number): void;
  /** `unknown`: an error at or after commit; the truth is read again. */
  transaction(outcome: 'committed' | 'unknown', seconds: number): void;
  /** A broker left a transaction without its end (unended.ts). */
  unended(): void;
  checkpointed(bytes: number): void;
  /** The group has dealt out its work anew. */
  joined(): void;
  /** The tasks of this process, and below what lies before its readers: each in place of what was said before, so that what has gone elsewhere is left out. */
  tasks(current: readonly TaskMeasure[]): void;
  lag(current: readonly Lag[]): void;
}

export interface TaskMeasure {
  partition: number;
  state: TaskState;
  /** Milliseconds; 0 or less while there is none. */
  watermark: number;
}

const STATES: readonly TaskState[] = [
  'fencing',
  'restoring',
  'replaying',
  'running',
  'waiting_for_registry',
  'recovering',
  'closed',
  'fatal',
];

/** One set of metrics a process; each step of it is a label. */
export function createStreamMetrics(metrics: Metrics): (step: string) => StreamMetrics {
  const processed = metrics.counter('stream_records_processed_total', 'Records read by a step', ['step', 'topic']);
  const emitted = metrics.counter('stream_records_emitted_total', 'Records written by a step', ['step', 'topic']);
  const rejected = metrics.counter('stream_dead_letters_total', 'Messages that could not be processed, by reason', [
    'step',
    'topic',
    'reason',
  ]);
  const counted = metrics.counter(
    'stream_decisions_total',
    'What a step decided about records (late, duplicate, evicted, ...)',
    ['step', 'name', 'reason'],
  );
  const transactions = metrics.counter(
    'stream_transactions_total',
    'Transactions by outcome; unknown ones are looked up again, unended ones were left by a broker and given up',
    ['step', 'outcome'],
  );
  const seconds = metrics.histogram(
    'stream_commit_seconds',
    'Time of a transaction',
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    ['step'],
  );
  const checkpoint = metrics.counter('stream_checkpoint_bytes_total', 'Bytes of checkpoints written', ['step']);
  const joins = metrics.counter(
    'stream_group_joins_total',
    'Times that the group dealt out its work anew, as this process has seen it',
    ['step'],
  );
  const watermark = metrics.gauge('stream_watermark_seconds', 'Event time up to which a task is complete', [
    'step',
    'partition',
  ]);
  const lag = metrics.gauge('stream_lag_records', 'Records of an input not yet read', ['step', 'topic', 'partition']);
  const state = metrics.gauge('stream_task_state', '1 for the state a task is in', ['step', 'partition', 'state']);
  return (step) => {
    const setWatermarks = replaceSeries(watermark);
    const setStates = replaceSeries(state);
    const setLags = replaceSeries(lag);
    return {
      processed: (topic, records) => processed.inc({ step, topic }, records),
      emitted: (topic) => emitted.inc({ step, topic }),
      rejected: (topic, reason) => rejected.inc({ step, topic, reason }),
      counted: (name, reason, by) => counted.inc({ step, name, reason }, by),
      unended() {
        transactions.inc({ step, outcome: 'unended' });
      },
      transaction(outcome, took) {
        transactions.inc({ step, outcome });
        seconds.observe({ step }, took);
      },
      checkpointed: (bytes) => checkpoint.inc({ step }, bytes),
      joined: () => joins.inc({ step }),
      tasks(current) {
        setStates(
          current.flatMap(({ partition, state: now }) =>
            STATES.map((candidate) => ({
              labels: { step, partition: String(partition), state: candidate },
              value: candidate === now ? 1 : 0,
            })),
          ),
        );
        setWatermarks(
          current
            .filter((task) => task.watermark > 0)
            .map((task) => ({ labels: { step, partition: String(task.partition) }, value: task.watermark / 1_000 })),
        );
      },
      lag(current) {
        setLags(
          current.map(({ topic, partition, records }) => ({
            labels: { step, topic, partition: String(partition) },
            value: records,
          })),
        );
      },
    };
  };
}
