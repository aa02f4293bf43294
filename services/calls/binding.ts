import type { Codecs } from '../records/codec/codecs.ts';
import type { StepBinding } from '../stream/kafka/binding.ts';
import { deadLetterOutput, recordOutput } from '../stream/kafka/record-bindings.ts';
import { TOPICS } from '../stream/topics.ts';
import { type CallsDeps, type CallsInputs, type CallsOutputs, createCallsStep } from './step.ts';
import { validateCall } from './validate.ts';

/** Event time may run ahead of the time at which Kafka got the message by this much: clocks of gateways differ, not by a day. */
const MOST_AHEAD = 24 * 60 * 60_000;

export interface CallsBindingDeps extends CallsDeps {
  codecs: Codecs;
  /** Milliseconds. */
  grace: number;
  earliest: number;
  /** Resolves when the account table holds every account written before now. */
  accountsCaughtUp(): Promise<void>;
}

const MISSING_KEY = {
  ok: false,
  reason: 'missing_key',
  detail: 'the message has no key: send the account_id, which keeps the calls of an account on one partition',
} as const;

/** How `calls` stands in Kafka. */
export function callsBinding({
  codecs,
  grace,
  earliest,
  accountsCaughtUp,
  ...deps
}: CallsBindingDeps): StepBinding<CallsInputs, CallsOutputs> {
  const codec = codecs.of('api-call');
  return {
    step: 'calls',
    factory: createCallsStep(deps),
    tasks: 'partition',
    before: accountsCaughtUp,
    inputs: {
      calls: {
        topic: TOPICS.calls,
        time: { kind: 'events', grace, eventTime: (call) => call.occurred_at },
        prepare: (messages) => codecs.prepare(messages),
        decode(message) {
          const decoded = codec.decode(message.value);
          if (!decoded.ok) return decoded;
          // Any key that follows the account will do; without one the broker's clients deal messages out, and the account's windows, too, to all partitions.
          if (message.key === null || message.key.length === 0) return MISSING_KEY;
          const violation = validateCall(decoded.value, { earliest, latest: Number(message.timestamp) + MOST_AHEAD });
          return violation === null ? decoded : { ok: false, reason: violation.reason, detail: violation.detail };
        },
      },
    },
    outputs: {
      account_windows: recordOutput(
        codecs,
        'account-window',
        TOPICS.accountWindows,
        ({ account_id }) => account_id,
        'own',
      ),
      link_observations: recordOutput(
        codecs,
        'link-observation',
        TOPICS.linkObservations,
        ({ account_id }) => account_id,
        'own',
      ),
      late_calls: recordOutput(codecs, 'late-call', TOPICS.lateCalls, ({ account_id }) => account_id, 'none'),
    },
    deadLetters: deadLetterOutput(codecs),
  };
}
