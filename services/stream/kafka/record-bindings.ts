import type { Codecs } from '../../records/codec/codecs.ts';
import type { SchemaName } from '../../records/codec/schemas.ts';
import type { Records } from '../../records/codec/wire.ts';
import type { DeadLetter } from '../../records/dead-letter.ts';
import type { InputTime } from '../step-driver.ts';
import { TOPICS } from '../topics.ts';
import type { InputBinding, OutputBinding, RejectedMessage, StepBinding } from './binding.ts';

/** A stream of ours: one record type a topic, decoding cannot fail but by a bug or a foreign writer, and then it is a dead letter like any other. */
export function recordInput<Name extends SchemaName>(
  codecs: Codecs,
  name: Name,
  topic: string,
  time: InputTime<Records[Name]>,
): InputBinding<Records[Name]> {
  const codec = codecs.of(name);
  return {
    topic,
    time,
    prepare: (messages) => codecs.prepare(messages),
    decode: (message) => codec.decode(message.value),
  };
}

export function recordOutput<Name extends SchemaName>(
  codecs: Codecs,
  name: Name,
  topic: string,
  key: (record: Records[Name]) => string,
  marks: 'own' | 'all' | 'none',
): OutputBinding<Records[Name]> {
  const codec = codecs.of(name);
  return { topic, marks, encode: (record) => ({ key: key(record), value: codec.encode(record) }) };
}

export function deadLetterOutput(codecs: Codecs): StepBinding<unknown, unknown>['deadLetters'] {
  const codec = codecs.of('dead-letter');
  return {
    topic: TOPICS.deadLetters,
    encode({ reason, detail, topic, partition, message }: RejectedMessage) {
      const letter: DeadLetter = {
        reason,
        detail,
        topic,
        partition,
        offset: message.offset,
        key: message.key,
        value: message.value,
        timestamp: Number(message.timestamp),
      };
      return { key: `${topic}/${partition}/${message.offset}`, value: codec.encode(letter), headers: { reason } };
    },
  };
}
