import { join, resolve } from 'node:path';
import { installKafka } from './install.ts';
import { keepLayout, type NodePlace, planLayout } from './layout.ts';
import { createNode, type KafkaNode } from './node.ts';
import { freePorts, requireFree } from './ports.ts';
import type { KafkaSecurity, SecurePorts } from './security.ts';

export interface KafkaOptions {
  /** Data, logs and settings; kept between runs, formatted only when new. */
  dir: string;
  brokers?: 1 | 3;
  /** One a broker. When absent, those of the last run in this folder, else free ones. */
  ports?: readonly number[];
  heapMb?: number;
  tell?: (line: string) => void;
  /** One broker with listeners that ask who is there, on free ports; see security.ts. */
  security?: Omit<KafkaSecurity, 'ports'>;
}

export interface KafkaCluster {
  /** What KAFKA_BROKERS wants. */
  brokers: string;
  nodes: readonly KafkaNode[];
  /** `host:port` of each listener that `security` asked for. */
  secured: Readonly<Record<keyof SecurePorts, string>> | null;
  stop(): Promise<void>;
}

/**
 * Starts one or three brokers on this machine and waits until they serve. They stop when this process ends, however it ends.
 * @throws when a tool is missing, a port is taken, the folder holds another kind of cluster, or a broker gives up; then nothing is left running.
 */
export async function startKafka({
  dir,
  brokers = 1,
  ports,
  heapMb = 512,
  tell = () => {},
  security: wanted,
}: KafkaOptions): Promise<KafkaCluster> {
  const root = resolve(dir);
  if (root.includes(','))
    throw new Error(`Kafka reads a comma in its data folder as two folders: choose another than ${root}`);
  const { classpath } = await installKafka({ log: tell });
  const layout = await planLayout(root, brokers, ports);
  const { clusterId, places } = layout;
  if (wanted !== undefined && brokers !== 1) throw new Error('only a single broker has secured listeners here');
  const security = wanted === undefined ? null : { ...wanted, ports: await securePorts(places) };
  const nodes = places.map((place) =>
    createNode({ place, all: places, dir: join(root, `node-${place.id}`), classpath, clusterId, heapMb, security }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  // Before any of them starts: two brokers without their third would only wait for it.
  for (const { id, port, controllerPort } of places) {
    await requireFree(port, `Kafka broker ${id}`);
    await requireFree(controllerPort, `the controller of Kafka broker ${id}`);
  }
  await keepLayout(root, layout);
  const starts = nodes.map((node) => node.start());
  try {
    await Promise.all(starts);
  } catch (error) {
    await stop();
    await Promise.allSettled(starts);
    await stop(); // those that were still formatting when the first failed
    throw error;
  }
  return {
    brokers: places.map(({ port }) => `127.0.0.1:${port}`).join(','),
    nodes,
    secured:
      security === null
        ? null
        : {
            plain: `127.0.0.1:${security.ports.plain}`,
            scram: `127.0.0.1:${security.ports.scram}`,
            mutual: `127.0.0.1:${security.ports.mutual}`,
          },
    stop,
  };
}

async function securePorts(places: readonly NodePlace[]): Promise<SecurePorts> {
  const taken = places.flatMap(({ port, controllerPort }) => [port, controllerPort]);
  const [plain = 0, scram = 0, mutual = 0] = await freePorts(3, taken);
  return { plain, scram, mutual };
}
