import type { StepFactory } from '../../services/stream/step.ts';
import { createTrackedTables, type TrackedTables } from '../../services/stream/tracked-tables.ts';

export interface Emitted<Outputs> {
  output: keyof Outputs & string;
  record: Outputs[keyof Outputs & string];
  partition: number;
}

/** Runs one step by hand: records and watermarks in, what it says out; and its state saved and restored at will, as after a crash. */
export function createHarness<Inputs, Outputs>(factory: StepFactory<Inputs, Outputs>, partitions = 1) {
  const emitted: Emitted<Outputs>[] = [];
  const counts = new Map<string, number>();
  let tables: TrackedTables = createTrackedTables();
  const chunks: Buffer[] = [];
  let checkpoint = 0;
  const make = () =>
    factory({
      partition: 0,
      partitions,
      tables,
      count: (name, reason, by = 1) => counts.set(`${name}.${reason}`, (counts.get(`${name}.${reason}`) ?? 0) + by),
    });
  let step = make();
  const emit = (output: keyof Outputs & string, record: Outputs[keyof Outputs & string], partition: number): void => {
    // What leaves a step is gone: it must not change when the step goes on.
    emitted.push({ output, record: structuredClone(record), partition });
  };
  let offset = 0;
  return {
    emitted,
    counts,
    record(input: keyof Inputs & string, record: Inputs[keyof Inputs & string]): void {
      step.onRecord(input, record, { topic: 'test', partition: 0, offset: String(offset++) }, emit);
    },
    watermark(time: number): void {
      step.onWatermark(time, emit);
    },
    /** The state, for looking at. */
    tables: (): TrackedTables => tables,
    restart(): void {
      chunks.push(...tables.checkpoint(checkpoint++));
      tables = createTrackedTables();
      for (const chunk of chunks) tables.apply(chunk);
      step = make();
    },
    of<Name extends keyof Outputs & string>(name: Name): Outputs[Name][] {
      // Narrowed by the name just compared.
      return emitted.filter(({ output }) => output === name).map(({ record }) => record as Outputs[Name]);
    },
  };
}

/** The same records in any order of their keys: for comparing outputs whose order does not matter. */
export function sorted(records: readonly unknown[]): string[] {
  return records.map((record) => JSON.stringify(record)).sort();
}
