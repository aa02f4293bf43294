import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, KafkaClient } from '../../../services/stream/kafka/client.ts';

/** An answer of the suite's own to a question to Kafka, over brokers that come and go. */
export interface PatientAdmin {
  /** Rejects when there is no answer in time; the next question is put over a connection of its own. */
  ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
}

const PATIENCE = 30_000;

/** kafkajs can wait for ever on a broker that went away; the suite must not. */
export async function within<Result>(milliseconds: number, what: string, work: Promise<Result>): Promise<Result> {
  const stopping = new AbortController();
  const late = delay(milliseconds, undefined, { signal: stopping.signal }).then(() => {
    throw new Error(`still not after ${milliseconds / 1_000} s: ${what}`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    work.catch(() => {});
    stopping.abort();
  }
}

export function createPatientAdmin(kafka: KafkaClient): PatientAdmin {
  let admin: Admin | null = null;
  const open = async (): Promise<Admin> => {
    const opened = kafka.admin();
    await opened.connect();
    return opened;
  };
  const letGo = (): void => {
    void admin?.disconnect().catch(() => {});
    admin = null;
  };
  return {
    async ask(question) {
      try {
        admin ??= await within(PATIENCE, 'Kafka lets us in', open());
        return await within(PATIENCE, 'Kafka answers', question(admin));
      } catch (error) {
        letGo();
        throw error;
      }
    },
    async close() {
      letGo();
    },
  };
}
