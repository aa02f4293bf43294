import type { NodePlace } from './layout.ts';
import { type KafkaSecurity, SECURE_PROTOCOLS, secureListeners, securityProperties } from './security.ts';

/** As large as a topic may set max.message.bytes here (17 MiB, for the dead letters), with room for the batch's own header. */
const LARGEST_FETCH = 18 * 1024 * 1024;
const ANY_TIME = '9223372036854775807';

/** A listener of a broker whose clients are told to find it at another port: that of a proxy before it. */
export interface ProxiedListener {
  port: number;
  advertised: number;
}

export interface MoreListeners {
  security: KafkaSecurity | null;
  proxied: ProxiedListener | null;
}

/** server.properties of one node in KRaft mode, broker and controller in one. Small, for one machine, on the loopback only. */
export function serverProperties(
  node: NodePlace,
  all: readonly NodePlace[],
  dataDir: string,
  { security, proxied }: MoreListeners = { security: null, proxied: null },
): string {
  const secure = security === null ? [] : secureListeners(security);
  const before = (port: number | undefined): string[] => (port === undefined ? [] : [`PROXIED://127.0.0.1:${port}`]);
  const replicas = all.length;
  const inSync = replicas >= 3 ? 2 : 1;
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': all.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    listeners: [
      `PLAINTEXT://127.0.0.1:${node.port}`,
      `CONTROLLER://127.0.0.1:${node.controllerPort}`,
      ...secure,
      ...before(proxied?.port),
    ].join(','),
    'advertised.listeners': [`PLAINTEXT://127.0.0.1:${node.port}`, ...secure, ...before(proxied?.advertised)].join(','),
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT',
      'CONTROLLER:PLAINTEXT',
      'PROXIED:PLAINTEXT',
      ...(security === null ? [] : SECURE_PROTOCOLS),
    ].join(','),
    // Brokers talk to each other past whatever stands before the clients' listeners.
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataDir,
    // A typo in a topic's name must fail, not make a topic.
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    // The defaults of 50 each cost seconds and files on a small machine.
    'offsets.topic.num.partitions': 4,
    // Kept small by compaction: a broker alone gets a new epoch a second after it has begun to load them, and Kafka 4.3.1 answers from old offsets when that comes in between.
    'offsets.topic.segment.bytes': 1024 * 1024,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.num.partitions': 4,
    // A broker killed with -9 may register again only when its old session is over: seconds, not nine.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    // Groups of ours start with one member as often as not.
    'group.initial.rebalance.delay.ms': 0,
    // Histories are replayed: a message may carry any time stamp.
    'log.message.timestamp.after.max.ms': ANY_TIME,
    'log.message.timestamp.before.max.ms': ANY_TIME,
    // message.max.bytes stays at its default of 1 MiB; a topic may allow more, and then its replicas must be able to fetch it.
    'replica.fetch.max.bytes': LARGEST_FETCH,
    ...(security === null ? {} : securityProperties(security)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('');
}
