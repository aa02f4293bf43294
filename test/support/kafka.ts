export interface TestKafka {
  brokers: string;
  stop(): Promise<void>;
}

export async function startKafkaForTest(): Promise<TestKafka> {
  return { brokers: process.env['KAFKA_BROKERS'] ?? '', stop: async () => {} };
}
