/** Where one node of a local cluster listens and keeps its data. */
export interface NodePlace {
  id: number;
  port: number;
  controllerPort: number;
  dir: string;
}

/** server.properties of one node in KRaft mode, broker and controller in one. Small, for one machine, on the loopback only. */
export function serverProperties(node: NodePlace, all: readonly NodePlace[]): string {
  const replicas = Math.min(all.length, 3);
  const inSync = replicas >= 3 ? 2 : 1;
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': all.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': `${node.dir}/log`,
    // A typo in a topic's name must fail, not make a topic.
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    // The defaults of 50 each cost seconds and files on a small machine.
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    // A broker killed with -9 may register again only when its old session is over: seconds, not nine.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    // Groups of ours start with one member as often as not.
    'group.initial.rebalance.delay.ms': 0,
    // Histories are replayed: a message may carry any time stamp.
    'log.message.timestamp.after.max.ms': '9223372036854775807',
    'log.message.timestamp.before.max.ms': '9223372036854775807',
    // A topic may allow 16 MiB; the replicas must be able to fetch it.
    'replica.fetch.max.bytes': 17 * 1024 * 1024,
  };
  return `${Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}
