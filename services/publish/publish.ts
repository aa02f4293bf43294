import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '../records/account.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import { type OnLineError, readAccountFile, readCalls } from '../records/json-lines.ts';
import type { KafkaClient } from '../stream/kafka/client.ts';
import { TOPICS } from '../stream/topics.ts';

export interface PublishOptions {
  kafka: KafkaClient;
  codecs: Codecs;
  calls: readonly string[];
  accounts: readonly string[];
  /** Event milliseconds that pass in a wall millisecond; null: as fast as Kafka takes them. */
  speed: number | null;
  onLineError: OnLineError;
  /** `bytes` of the files of calls, as they are on the disk. */
  progress(sent: number, eventTime: number, bytes: number): void;
  monotonicNow(): number;
  /** Stop early. */
  signal: AbortSignal;
}

export interface Sent {
  accounts: number;
  calls: number;
}

const BATCH = 1_000;
/** A paced batch is not held back longer than this, so that a quiet hour still trickles. */
const LONGEST_BATCH = 100;

/** Files to Kafka: the accounts first, in order of their versions, then the calls by event time. */
export async function publish(options: PublishOptions): Promise<Sent> {
  const { kafka, codecs, speed, signal, monotonicNow } = options;
  const producer = kafka.producer();
  await producer.connect();
  try {
    const accountCodec = codecs.of('account');
    const accounts = await send(
      TOPICS.accounts,
      readAccounts(options.accounts, options.onLineError),
      (account: Account) => ({ key: account.account_id, value: accountCodec.encode(account) }),
    );
    const callCodec = codecs.of('api-call');
    let sent = 0;
    const read = { bytes: 0 };
    let firstEvent: number | null = null;
    const begun = monotonicNow();
    let batch: { key: string; value: Buffer }[] = [];
    let batchSince = begun;
    const flush = async (): Promise<void> => {
      if (batch.length > 0) await producer.send({ topic: TOPICS.calls, messages: batch });
      sent += batch.length;
      batch = [];
      batchSince = monotonicNow();
    };
    for await (const { value: call } of readCalls(options.calls, options.onLineError, read)) {
      if (signal.aborted) break;
      firstEvent ??= call.occurred_at;
      if (speed !== null) {
        const due = begun + (call.occurred_at - firstEvent) / speed;
        if (due - monotonicNow() > LONGEST_BATCH) {
          await flush();
          await delay(Math.max(0, due - monotonicNow()), undefined, { signal }).catch(() => undefined);
        }
      }
      batch.push({ key: call.account_id, value: callCodec.encode(call satisfies ApiCall) });
      if (batch.length >= BATCH || (speed !== null && monotonicNow() - batchSince > LONGEST_BATCH)) {
        await flush();
        options.progress(sent, call.occurred_at, read.bytes);
      }
    }
    await flush();
    return { accounts, calls: sent };
  } finally {
    await producer.disconnect();
  }

  async function send<Value>(
    topic: string,
    values: AsyncIterable<Value>,
    encode: (value: Value) => { key: string; value: Buffer },
  ): Promise<number> {
    let count = 0;
    let messages: { key: string; value: Buffer }[] = [];
    for await (const value of values) {
      messages.push(encode(value));
      if (messages.length < BATCH) continue;
      await producer.send({ topic, messages });
      count += messages.length;
      messages = [];
    }
    if (messages.length > 0) await producer.send({ topic, messages });
    return count + messages.length;
  }
}

/** What `publish` would send, in the same order. Sends nothing, and does not ask for Kafka. */
export async function rehearsePublish({
  calls,
  accounts,
  codecs,
  onLineError,
}: Pick<PublishOptions, 'calls' | 'accounts' | 'codecs' | 'onLineError'>): Promise<Sent> {
  const sent = { accounts: 0, calls: 0 };
  for await (const account of readAccounts(accounts, onLineError)) {
    codecs.of('account').encode(account);
    sent.accounts++;
  }
  for await (const { value: call } of readCalls(calls, onLineError)) {
    codecs.of('api-call').encode(call);
    sent.calls++;
  }
  return sent;
}

async function* readAccounts(files: readonly string[], onError: OnLineError): AsyncGenerator<Account> {
  for (const file of files) for await (const { value } of readAccountFile(file, onError)) yield value;
}
