import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaCluster, startKafka } from '../../infra/kafka/start.ts';
import { type Authority, createAuthority } from './certificates.ts';

export interface SecuredKafka {
  cluster: KafkaCluster;
  /** Where each way of saying who one is listens. */
  secured: NonNullable<KafkaCluster['secured']>;
  /** Signed the broker's certificate, and is believed by it. */
  authority: Authority;
  folder: string;
  stop(): Promise<void>;
}

/** A broker with TLS, PLAIN, SCRAM and client certificates, and Kafka's own authorizer. Its plain listener may do everything. */
export async function startSecuredKafka(users: readonly { name: string; password: string }[]): Promise<SecuredKafka> {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-secured-'));
  const authority = await createAuthority(join(folder, 'certificates'), 'authority');
  const { bothFile } = await authority.issue('broker');
  const cluster = await startKafka({
    dir: join(folder, 'kafka'),
    security: { keyAndCertificateFile: bothFile, caFile: authority.caFile, users },
  });
  if (cluster.secured === null) throw new Error('a broker without the listeners that were asked for');
  return {
    cluster,
    secured: cluster.secured,
    authority,
    folder,
    async stop() {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
