import type { Logger } from 'pino';
import type { LoadedConfig } from '../platform/config/load.ts';
import { endOnDefect, masked } from '../platform/crash.ts';
import { countBuffersWithHeap } from '../platform/external-memory.ts';
import { startHealthServer } from '../platform/health.ts';
import { closeAll, closeOnSignal } from '../platform/shutdown.ts';
import { createContext, type OpenKafka, openLog } from './context.ts';
import { SERVICES, type ServiceName } from './services.ts';

/** One service as a process: until it is told to stop. How it gets to Kafka is handed in, so that a test can break that on purpose. */
export async function runService(name: ServiceName, loaded: LoadedConfig, openKafka: OpenKafka): Promise<void> {
  countBuffersWithHeap();
  const log = openLog(name, loaded);
  endOnDefect(process, log);
  try {
    await startService(name, loaded, log, openKafka);
  } catch (error) {
    throw masked(error, loaded.mask);
  }
}

async function startService(name: ServiceName, loaded: LoadedConfig, log: Logger, openKafka: OpenKafka): Promise<void> {
  const { config } = loaded;
  const context = await createContext(name, loaded, log, openKafka);
  const service = await SERVICES[name](context);
  const health = await startHealthServer({
    host: config.http.host,
    port: config.http.port,
    ready: service.ready,
    metrics: context.metrics.text,
    status: service.status,
    ...(service.actions === undefined ? {} : { actions: service.actions }),
  });
  const closers = [
    { name: 'readiness', close: async () => health.drain() },
    ...service.closers,
    { name: 'health server', close: () => health.close() },
  ];
  closeOnSignal(process, closers, log);
  // Whoever starts us with a channel is told where we are, and takes us with it when it dies.
  process.on('disconnect', () => process.exit(1));
  try {
    await service.start();
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
  log.info({ url: health.url }, 'started');
  process.send?.({ service: name, url: health.url });
}
