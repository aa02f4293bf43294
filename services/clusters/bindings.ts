import type { Codecs } from '../records/codec/codecs.ts';
import { readRulesMessage } from '../rules/message.ts';
import type { Vocabulary } from '../rules/vocabulary.ts';
import type { Decoded, InputBinding, OutputBinding, StepBinding } from '../stream/kafka/binding.ts';
import { deadLetterOutput, recordInput, recordOutput } from '../stream/kafka/record-bindings.ts';
import { TOPICS } from '../stream/topics.ts';
import { alertMessage } from './alert-message.ts';
import { type PremergeInputs, type PremergeOutputs, premergeStep } from './premerge/step.ts';
import { createScoreStep, type ScoreDeps, type ScoreInputs, type ScoreOutputs } from './score/step.ts';

type Partial = ScoreInputs['subject_partials'];

/** Two kinds of record share the topic of partial sums, told apart by their schema: both must keep their place before the same watermark. */
function partialInput(codecs: Codecs): InputBinding<Partial> {
  return {
    topic: TOPICS.subjectPartials,
    time: { kind: 'marks' },
    prepare: (messages) => codecs.prepare(messages),
    decode(message): Decoded<Partial> {
      const isBaseline = codecs.nameOf(message.value, ['baseline-partial']) !== null;
      return isBaseline
        ? codecs.of('baseline-partial').decode(message.value)
        : codecs.of('subject-partial').decode(message.value);
    },
  };
}

function partialOutput(codecs: Codecs): OutputBinding<Partial> {
  return {
    topic: TOPICS.subjectPartials,
    marks: 'all',
    encode: (partial) =>
      'cohorts' in partial
        ? { key: `baseline ${partial.source}`, value: codecs.of('baseline-partial').encode(partial) }
        : { key: partial.subject_id, value: codecs.of('subject-partial').encode(partial) },
  };
}

export function premergeBinding(codecs: Codecs): StepBinding<PremergeInputs, PremergeOutputs> {
  return {
    step: 'premerge',
    factory: premergeStep,
    tasks: 'partition',
    inputs: {
      account_windows: recordInput(codecs, 'account-window', TOPICS.accountWindows, { kind: 'marks' }),
      assignments: recordInput(codecs, 'assignment', TOPICS.assignments, { kind: 'marks' }),
    },
    outputs: {
      subject_partials: partialOutput(codecs),
      memberships: recordOutput(codecs, 'membership', TOPICS.memberships, ({ account_id }) => account_id, 'none'),
    },
    deadLetters: deadLetterOutput(codecs),
  };
}

export function scoreBinding(
  codecs: Codecs,
  deps: ScoreDeps,
  vocabulary: Vocabulary,
): StepBinding<ScoreInputs, ScoreOutputs> {
  return {
    step: 'score',
    factory: createScoreStep(deps),
    tasks: 'partition',
    inputs: {
      subject_partials: partialInput(codecs),
      rules: {
        topic: TOPICS.rules,
        time: { kind: 'table' },
        prepare: (messages) => codecs.prepare(messages),
        decode: (message) => readRulesMessage(codecs, vocabulary, message),
      },
    },
    outputs: {
      cluster_windows: recordOutput(
        codecs,
        'cluster-window',
        TOPICS.clusterWindows,
        ({ subject_id }) => subject_id,
        'none',
      ),
      alerts: { topic: TOPICS.alerts, marks: 'none', encode: (event) => alertMessage(codecs, event) },
    },
    deadLetters: deadLetterOutput(codecs),
  };
}
