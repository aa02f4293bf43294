import type { StateTables } from './state-table.ts';

/**
 * A step is a pure state machine over records and watermarks: no Kafka, clock, file or network in it. Two runners run the same steps:
 * one over Kafka, exactly once (kafka/), one over files in one process (services/replay). `Inputs` and `Outputs` map a stream's name to its record type.
 *
 * What a step may rely on: `onRecord` for an event that is older than the watermark can happen (the step decides that it is late); `onWatermark` is called
 * with ascending whole minutes; crossing several minutes at once must give what crossing them one by one gives.
 */
export interface Step<Inputs, Outputs> {
  onRecord<Name extends keyof Inputs & string>(
    input: Name,
    record: Inputs[Name],
    at: Position,
    emit: Emit<Outputs>,
  ): void;
  /** Every record with event time before `watermark` (milliseconds, a whole minute) has arrived, or is late. */
  onWatermark(watermark: number, emit: Emit<Outputs>): void;
}

/** Where a record stands in its source: for late and dead letters, never for deciding. */
export interface Position {
  topic: string;
  partition: number;
  offset: string;
}

/** `partition` is the partition of the output topic. */
export type Emit<Outputs> = <Name extends keyof Outputs & string>(
  output: Name,
  record: Outputs[Name],
  partition: number,
) => void;

export interface StepContext {
  /** Number of this task: the partition that it owns. */
  partition: number;
  /** How many partitions the streams have. */
  partitions: number;
  tables: StateTables;
  /** Counts what a step decided, by name and reason, e.g. ('late', 'minute'): metrics are the runner's business. Silent while history is replayed. */
  count(name: string, reason: string, by?: number): void;
}

export type StepFactory<Inputs, Outputs> = (context: StepContext) => Step<Inputs, Outputs>;
