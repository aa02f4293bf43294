import type { StepFactory } from '../step.ts';
import type { InputTime } from '../step-driver.ts';
import type { KafkaMessage } from './client.ts';
import type { OutgoingMessage } from './transaction.ts';

export type Decoded<Value> = { ok: true; value: Value } | { ok: false; reason: string; detail: string };

/** How a Kafka topic becomes an input of a step. */
export interface InputBinding<Value> {
  topic: string;
  time: InputTime<Value>;
  /** Fetches what decoding these messages needs (unknown schema ids), so that `decode` need not wait. Rejects when that cannot be had now. */
  prepare(messages: readonly KafkaMessage[]): Promise<void>;
  /** Never throws: what cannot be read goes to the dead letters with its reason. */
  decode(message: KafkaMessage): Decoded<Value>;
}

/** How an output of a step becomes messages of a Kafka topic. */
export interface OutputBinding<Value> {
  topic: string;
  encode(record: Value): OutgoingMessage;
  /** Partitions that carry this task's watermark: its own, all (a task that writes everywhere), or none (nobody aligns on it). */
  marks: 'own' | 'all' | 'none';
}

/** A step bound to Kafka: everything the runner needs to run it exactly once. */
export interface StepBinding<Inputs, Outputs> {
  /** Names the consumer group, the transactional ids, the state topic. Never change it for a running deployment. */
  step: string;
  factory: StepFactory<Inputs, Outputs>;
  inputs: { [Name in keyof Inputs & string]: InputBinding<Inputs[Name]> };
  outputs: { [Name in keyof Outputs & string]: OutputBinding<Outputs[Name]> };
  /** One task for each partition of the inputs, or a single one that reads them all. */
  tasks: 'partition' | 'single';
  /** Waited for before a batch is processed: whatever else must have been read first (the account table). */
  before?(): Promise<void>;
  /** Where messages go that no step can read. */
  deadLetters: { topic: string; encode(letter: RejectedMessage): OutgoingMessage };
}

export interface RejectedMessage {
  reason: string;
  detail: string;
  topic: string;
  partition: number;
  message: KafkaMessage;
}

export function stateTopic(step: string): string {
  return `stillwatch.state.${step}`;
}

export function consumerGroup(step: string): string {
  return `stillwatch.${step}`;
}

/** How the transactional ids of all tasks of a step begin. */
export function transactionalIds(step: string): string {
  return `stillwatch.${step}.`;
}

export function transactionalId(step: string, partition: number): string {
  return `${transactionalIds(step)}${partition}`;
}
