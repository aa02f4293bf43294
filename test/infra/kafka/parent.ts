import { startKafka } from '../../../infra/kafka/start.ts';

// A parent for orphan.test.ts: starts a broker in the folder it is given, tells its process id and port, and waits for its end.
const [, , dir = ''] = process.argv;
const cluster = await startKafka({ dir, heapMb: 256 });
process.send?.(cluster.nodes.map(({ pid, port }) => ({ pid, port })));
