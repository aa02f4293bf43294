import { createRequire } from 'node:module';
import type { Admin, Consumer, ConsumerConfig, Kafka, KafkaConfig, Producer, SASLOptions } from 'kafkajs';
import type { Logger } from 'pino';
import type { TlsFiles } from '../../platform/config/tls.ts';
import { explainConnection } from './connection-errors.ts';
import { patchKafkajs } from './kafkajs-patches.ts';

export type { Admin, Consumer, EachBatchPayload, KafkaMessage, Producer, Transaction } from 'kafkajs';

export interface KafkaSettings {
  brokers: readonly string[];
  clientId: string;
  /** Absent: a plain connection. */
  ssl?: TlsFiles | undefined;
  sasl?: { mechanism: 'plain' | 'scram-sha-512'; username: string; password: string } | undefined;
}

/** The only way to Kafka: nothing else in the product loads kafkajs. */
export interface KafkaClient {
  readonly clientId: string;
  admin(): Admin;
  consumer(config: ConsumerConfig): Consumer;
  /** For exactly-once output: one for each task, so that a newer owner fences the older one. */
  transactionalProducer(transactionalId: string): Producer;
  /** For input made by our own tools (publish, requeue): idempotent, all replicas. */
  producer(): Producer;
}

/** Transactions that follow each other closely meet CONCURRENT_TRANSACTIONS; a short first retry keeps that cheap. */
const RETRY = { initialRetryTime: 20, maxRetryTime: 1_000, multiplier: 2, retries: 12 } as const;

/** A transaction left open by a killed process blocks readers of its output for at most this long. */
export const TRANSACTION_TIMEOUT = 60_000;

export function createKafkaClient(settings: KafkaSettings, log: Logger): KafkaClient {
  const require = createRequire(import.meta.url);
  patchKafkajs();
  const kafkajs: typeof import('kafkajs') = require('kafkajs');
  const config: KafkaConfig = {
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    retry: RETRY,
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, error, groupId, topic, partition } = entry.log;
      log.debug({ kafkajs: entry.namespace, error, groupId, topic, partition }, message);
    },
  };
  if (settings.ssl !== undefined) config.ssl = { ...settings.ssl };
  if (settings.sasl !== undefined) config.sasl = saslOf(settings.sasl);
  const kafka: Kafka = new kafkajs.Kafka(config);
  const explained = <Client extends { connect(): Promise<void> }>(
    client: Client,
    tryOut: () => Promise<unknown> = async () => {},
  ): Client => ({
    ...client,
    async connect() {
      try {
        await client.connect();
        await tryOut();
      } catch (error) {
        throw explainConnection(error, settings);
      }
    },
  });
  return {
    clientId: settings.clientId,
    admin() {
      const admin = kafka.admin();
      // A broker that wants to know who we are takes the connection and closes it at the first question.
      return explained(admin, () => admin.describeCluster());
    },
    consumer: (consumer) => explained(kafka.consumer(consumer)),
    transactionalProducer: (transactionalId) =>
      explained(
        kafka.producer({
          transactionalId,
          maxInFlightRequests: 1,
          // Without `idempotent`, which a transaction is in any case: with it kafkajs asks for a second producer id, outside of transactions, and for the right to it.
          transactionTimeout: TRANSACTION_TIMEOUT,
        }),
      ),
    producer: () =>
      explained(
        kafka.producer({
          idempotent: true,
          maxInFlightRequests: 1,
          createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
        }),
      ),
  };
}

/** kafkajs' types want to see which one it is. */
function saslOf({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  return mechanism === 'plain' ? { mechanism, username, password } : { mechanism, username, password };
}
