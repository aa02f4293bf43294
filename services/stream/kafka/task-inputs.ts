import type { DriverInput } from '../step-driver.ts';
import type { InputBinding, StepBinding } from './binding.ts';
import type { GroupMember } from './membership.ts';
import type { PartitionFeed } from './partition-feed.ts';

/** One input partition of a task: its binding, and the feed that brings its batches. */
export interface TaskInput<Inputs> {
  name: keyof Inputs & string;
  binding: InputBinding<Inputs[keyof Inputs & string]>;
  feed: PartitionFeed;
}

/** The inputs of one task, in the order that the journal and the header refer to: by declaration, then by partition. */
export function taskInputs<Inputs, Outputs>(
  binding: StepBinding<Inputs, Outputs>,
  partitionsOf: (topic: string) => readonly number[],
  membership: GroupMember,
  arrived: () => void,
): TaskInput<Inputs>[] {
  const inputs: TaskInput<Inputs>[] = [];
  for (const name of Object.keys(binding.inputs) as (keyof Inputs & string)[]) {
    const input = binding.inputs[name];
    for (const partition of partitionsOf(input.topic))
      inputs.push({ name, binding: input, feed: membership.feed(input.topic, partition, arrived) });
  }
  return inputs;
}

export function driverInputs<Inputs>(inputs: readonly TaskInput<Inputs>[]): DriverInput<Inputs>[] {
  return inputs.map(({ name, binding, feed }) => ({
    name,
    topic: feed.topic,
    partition: feed.partition,
    time: binding.time,
  }));
}

export function inputName(input: { feed: { topic: string; partition: number } }): string {
  return `${input.feed.topic}/${input.feed.partition}`;
}
