import { join, resolve } from 'node:path';
import { installKafka } from './install.ts';
import { keepLayout, planLayout } from './layout.ts';
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
  /** One a broker: the port of a proxy. Who comes through it is sent to no broker past its proxy. */
  proxies?: readonly number[];
}

export interface KafkaCluster {
  /** What KAFKA_BROKERS wants. */
  brokers: string;
  nodes: readonly KafkaNode[];
  /** `host:port` of each listener that `security` asked for. */
  secured: Readonly<Record<keyof SecurePorts, string>> | null;
  /** Where each of the proxies is to lead to. */
  behindProxies: readonly number[];
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
  proxies = [],
}: KafkaOptions): Promise<KafkaCluster> {
  const root = resolve(dir);
  if (root.includes(','))
    throw new Error(`Kafka reads a comma in its data folder as two folders: choose another than ${root}`);
  const { classpath } = await installKafka({ log: tell });
  const layout = await planLayout(root, brokers, ports);
  const { clusterId, places } = layout;
  if (wanted !== undefined && brokers !== 1) throw new Error('only a single broker has secured listeners here');
  const taken = places.flatMap(({ port, controllerPort }) => [port, controllerPort]);
  const security = wanted === undefined ? null : { ...wanted, ports: await securePorts(taken) };
  const behindProxies = await freePorts(proxies.length, [...taken, ...Object.values(security?.ports ?? {})]);
  const nodes = places.map((place, at) => {
    const [port, advertised] = [behindProxies[at], proxies[at]];
    const proxied = port === undefined || advertised === undefined ? null : { port, advertised };
    const dirOfNode = join(root, `node-${place.id}`);
    return createNode({
      place,
      all: places,
      dir: dirOfNode,
      classpath,
      clusterId,
      heapMb,
      more: { security, proxied },
    });
  });
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
    behindProxies,
    stop,
  };
}

async function securePorts(taken: readonly number[]): Promise<SecurePorts> {
  const [plain = 0, scram = 0, mutual = 0] = await freePorts(3, taken);
  return { plain, scram, mutual };
}
