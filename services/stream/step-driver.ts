import type { Emit, Position, Step, StepContext, StepFactory } from './step.ts';
import {
  eventWatermark,
  forceWatermark,
  markWatermark,
  NO_WATERMARK,
  observeEvent,
  observeMark,
  type WatermarkMark,
  type WatermarkState,
  watermarkOf,
} from './watermarks.ts';

/**
 * How an input takes part in event time.
 * - `events`: records carry their own event time; the watermark follows the latest at the distance of the grace.
 * - `marks`: a stream of ours; watermarks travel in it as marks.
 * - `table`: no watermark; the runner sees to it that it is read to its end before time moves on.
 */
export type InputTime<Value> =
  | { kind: 'events'; grace: number; eventTime(record: Value): number }
  | { kind: 'marks' }
  | { kind: 'table' };

export interface DriverInput<Inputs, Name extends keyof Inputs & string = keyof Inputs & string> {
  name: Name;
  topic: string;
  partition: number;
  time: InputTime<Inputs[Name]>;
}

/** What a driver must remember besides the step's tables: plain data. */
export interface DriverState {
  watermark: number;
  inputs: (WatermarkState | null)[];
}

/**
 * Drives one step: hands it records, keeps the watermark of each input partition, and tells the step when their minimum moves.
 * Pure: both runners (Kafka and files) use it, so that they cannot differ.
 */
export interface StepDriver<Inputs> {
  record(input: number, value: Inputs[keyof Inputs & string], at: Position): void;
  mark(input: number, mark: WatermarkMark): void;
  /** Moves the event inputs of an idle task on. */
  advance(time: number): void;
  watermark(): number;
  inputWatermark(input: number): number;
  /** Latest event time seen on event inputs, NO_WATERMARK if none. */
  latestEvent(): number;
  save(): DriverState;
}

export interface StepDriverOptions<Inputs, Outputs> {
  factory: StepFactory<Inputs, Outputs>;
  context: StepContext;
  inputs: readonly DriverInput<Inputs>[];
  emit: Emit<Outputs>;
  restored?: DriverState | undefined;
}

export function createStepDriver<Inputs, Outputs>(options: StepDriverOptions<Inputs, Outputs>): StepDriver<Inputs> {
  const { inputs, emit, restored } = options;
  const step: Step<Inputs, Outputs> = options.factory(options.context);
  const times: (WatermarkState | null)[] = restored?.inputs ?? inputs.map(initialTime);
  let watermark = restored?.watermark ?? NO_WATERMARK;

  const settle = (): void => {
    let least = Number.POSITIVE_INFINITY;
    for (const time of times) if (time !== null) least = Math.min(least, watermarkOf(time));
    if (least === Number.POSITIVE_INFINITY || least <= watermark) return;
    watermark = least;
    step.onWatermark(watermark, emit);
  };

  return {
    record(index, value, at) {
      const input = inputs[index];
      if (input === undefined) throw new RangeError(`no input ${index}`);
      step.onRecord(input.name, value, at, emit);
      const time = times[index];
      if (input.time.kind !== 'events' || time === null || time === undefined) return;
      observeEvent(time, input.time.eventTime(value));
      settle();
    },
    mark(index, mark) {
      const time = times[index];
      if (time === null || time === undefined) return;
      observeMark(time, mark);
      settle();
    },
    advance(to) {
      for (const time of times) if (time !== null) forceWatermark(time, to);
      settle();
    },
    watermark: () => watermark,
    inputWatermark(index) {
      const time = times[index];
      return time === null || time === undefined ? NO_WATERMARK : watermarkOf(time);
    },
    latestEvent() {
      let latest = NO_WATERMARK;
      for (const time of times) if (time?.kind === 'events') latest = Math.max(latest, time.latest);
      return latest;
    },
    save: () => ({ watermark, inputs: structuredClone(times) }),
  };
}

function initialTime<Inputs>(input: DriverInput<Inputs>): WatermarkState | null {
  if (input.time.kind === 'events') return eventWatermark(input.time.grace);
  return input.time.kind === 'marks' ? markWatermark() : null;
}
