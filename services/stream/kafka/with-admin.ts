import type { Admin, KafkaClient } from './client.ts';

/** Asks Kafka something, or has it do something, over a connection that is closed again, whatever came of it: also where it was not let in. */
export async function withAdmin<Result>(
  kafka: Pick<KafkaClient, 'admin'>,
  use: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
