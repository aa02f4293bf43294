import type { Hasher } from '../fingerprint/hasher.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { StepBinding } from '../stream/kafka/binding.ts';
import { deadLetterOutput, recordInput, recordOutput } from '../stream/kafka/record-bindings.ts';
import { TOPICS } from '../stream/topics.ts';
import { readAccountMessage } from './account-message.ts';
import { createLinksStep, type LinksInputs, type LinksOutputs } from './step.ts';

/** How `links` stands in Kafka: one task reads everything, since anybody may be linked with anybody; its assignments go to every partition. */
export function linksBinding({
  codecs,
  hasher,
}: {
  codecs: Codecs;
  hasher: Hasher;
}): StepBinding<LinksInputs, LinksOutputs> {
  return {
    step: 'links',
    factory: createLinksStep({ hasher }),
    tasks: 'single',
    inputs: {
      link_observations: recordInput(codecs, 'link-observation', TOPICS.linkObservations, { kind: 'marks' }),
      accounts: {
        topic: TOPICS.accounts,
        time: { kind: 'table' },
        prepare: (messages) => codecs.prepare(messages),
        decode: (message) => readAccountMessage(codecs, message),
      },
    },
    outputs: {
      assignments: recordOutput(codecs, 'assignment', TOPICS.assignments, ({ account_id }) => account_id, 'all'),
    },
    deadLetters: deadLetterOutput(codecs),
  };
}
