import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { installKafka } from './install.ts';
import { createNode, type KafkaNode } from './node.ts';
import type { NodePlace } from './properties.ts';

export interface KafkaOptions {
  /** Data, logs and settings; kept between runs. */
  dir: string;
  brokers?: 1 | 3;
  /** Port of the first broker; each further one takes the next but one (the one between is its controller's). Free ports when absent. */
  port?: number;
  heapMb?: number;
  tell?: (line: string) => void;
}

export interface KafkaCluster {
  /** What KAFKA_BROKERS wants. */
  brokers: string;
  nodes: readonly KafkaNode[];
  stop(): Promise<void>;
}

interface Layout {
  clusterId: string;
  places: NodePlace[];
}

/** Starts one or three brokers on this machine and waits until they answer. */
export async function startKafka(options: KafkaOptions): Promise<KafkaCluster> {
  const dir = resolve(options.dir);
  const classpath = await installKafka(options.tell ?? (() => {}));
  await mkdir(dir, { recursive: true });
  const { clusterId, places } = await layout(dir, options.brokers ?? 1, options.port);
  const nodes = places.map((place) =>
    createNode({ place, all: places, classpath, clusterId, heapMb: options.heapMb ?? 512 }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers: places.map(({ port }) => `127.0.0.1:${port}`).join(','), nodes, stop };
}

/** A cluster keeps its id and its ports: the brokers' own data name them. */
async function layout(dir: string, brokers: number, port: number | undefined): Promise<Layout> {
  const file = join(dir, 'cluster.json');
  const known: Layout | null = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : null;
  if (known !== null && known.places.length !== brokers)
    throw new Error(
      `${dir} holds a cluster of ${known.places.length} broker(s), not ${brokers}: choose another folder or delete it`,
    );
  if (known !== null && (port === undefined || known.places[0]?.port === port)) return known;
  if (known !== null)
    throw new Error(
      `${dir} holds a cluster on port ${known.places[0]?.port}, not ${port}: choose another folder or delete it`,
    );
  const ports =
    port === undefined ? await freePorts(brokers * 2) : Array.from({ length: brokers * 2 }, (_, i) => port + i);
  const places = Array.from(
    { length: brokers },
    (_, i): NodePlace => ({
      id: i + 1,
      port: ports[i * 2] ?? 0,
      controllerPort: ports[i * 2 + 1] ?? 0,
      dir: join(dir, `node-${i + 1}`),
    }),
  );
  const made = { clusterId: randomBytes(16).toString('base64url'), places };
  await writeFile(file, JSON.stringify(made));
  return made;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
