import { join, resolve } from 'node:path';
import { installKafka } from './install.ts';
import { keepLayout, planLayout } from './layout.ts';
import { createNode, type KafkaNode } from './node.ts';
import { requireFree } from './ports.ts';

export interface KafkaOptions {
  /** Data, logs and settings; kept between runs, formatted only when new. */
  dir: string;
  brokers?: 1 | 3;
  /** One a broker. When absent, those of the last run in this folder, else free ones. */
  ports?: readonly number[];
  heapMb?: number;
  tell?: (line: string) => void;
}

export interface KafkaCluster {
  /** What KAFKA_BROKERS wants. */
  brokers: string;
  nodes: readonly KafkaNode[];
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
}: KafkaOptions): Promise<KafkaCluster> {
  const root = resolve(dir);
  if (root.includes(','))
    throw new Error(`Kafka reads a comma in its data folder as two folders: choose another than ${root}`);
  const { classpath } = await installKafka({ log: tell });
  const layout = await planLayout(root, brokers, ports);
  const { clusterId, places } = layout;
  const nodes = places.map((place) =>
    createNode({ place, all: places, dir: join(root, `node-${place.id}`), classpath, clusterId, heapMb }),
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
  return { brokers: places.map(({ port }) => `127.0.0.1:${port}`).join(','), nodes, stop };
}
