import { setTimeout as delay } from 'node:timers/promises';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import type { Producer } from '../../services/stream/kafka/client.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { seededRandom } from '../support/random.ts';
import { createPrompts, syntheticCall } from './synthetic-calls.ts';

const TICK = 100;

export interface PacedCalls {
  /** Sends so many calls a second for so many milliseconds, each when it is due; gives calls a second as Kafka took them. */
  publishFor(milliseconds: number, rate: number): Promise<number>;
  /** By account. */
  sent: ReadonlyMap<string, number>;
}

/** Calls without text, at a rate. `eventTime` of the instant at which each is made. */
export function createPacedCalls(producer: Producer, eventTime: (now: number) => number): PacedCalls {
  const codec = createCodecs(null).of('api-call');
  const random = seededRandom(5);
  const prompts = createPrompts(0);
  const sent = new Map<string, number>();
  let number = 0;
  return {
    sent,
    async publishFor(milliseconds, rate) {
      const begun = Date.now();
      let published = 0;
      for (let now = begun; now < begun + milliseconds; now = Date.now()) {
        const due = Math.floor(((now - begun) * rate) / 1_000) - published;
        const messages = Array.from({ length: due }, () => {
          const call = syntheticCall(number++, eventTime(Date.now()), random, prompts);
          sent.set(call.account_id, (sent.get(call.account_id) ?? 0) + 1);
          return { key: call.account_id, value: codec.encode(call) };
        });
        published += due;
        if (due > 0) await producer.send({ topic: TOPICS.calls, messages });
        await delay(TICK);
      }
      return (published * 1_000) / (Date.now() - begun);
    },
  };
}
