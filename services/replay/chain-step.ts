import type { Emit, StepFactory } from '../stream/step.ts';
import { createStepDriver, type DriverInput, type DriverState, type StepDriver } from '../stream/step-driver.ts';
import { createTrackedTables } from '../stream/tracked-tables.ts';

export type ChainStepName = 'calls' | 'links' | 'premerge' | 'score';

/** A piece of what a chain remembers: of one step its driver's state, or a chunk of its tables. Plain data. */
export type ChainRecord = { step: ChainStepName; driver: DriverState } | { step: ChainStepName; chunk: Uint8Array };

export interface ChainStepOptions<Inputs, Outputs> {
  step: ChainStepName;
  factory: StepFactory<Inputs, Outputs>;
  inputs: readonly DriverInput<Inputs>[];
  emit: Emit<Outputs>;
  count(name: string, reason: string, by: number): void;
  /** What the step of another chain saved. */
  restored: readonly ChainRecord[];
}

export interface ChainStep<Inputs> extends Omit<StepDriver<Inputs>, 'save'> {
  save(): Iterable<ChainRecord>;
}

/** Values kept decoded in each table: a replay has the machine for itself, and goes through all accounts in a minute of its own. */
const HOT = 65_536;

/** A step as the one task of a file runner: its driver, on tables of its own. */
export function createChainStep<Inputs, Outputs>({
  step,
  factory,
  inputs,
  emit,
  count,
  restored,
}: ChainStepOptions<Inputs, Outputs>): ChainStep<Inputs> {
  const tables = createTrackedTables({ hot: HOT });
  let state: DriverState | undefined;
  for (const record of restored) {
    if ('chunk' in record) tables.apply(record.chunk);
    else state = record.driver;
  }
  const driver = createStepDriver({
    factory,
    context: { partition: 0, partitions: 1, tables, count: (name, reason, by = 1) => count(name, reason, by) },
    inputs,
    emit,
    restored: state,
  });
  return {
    ...driver,
    *save() {
      yield { step, driver: driver.save() };
      for (const chunk of tables.whole()) yield { step, chunk };
    },
  };
}
