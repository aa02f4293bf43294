import pino from 'pino';
import { loadConfig } from '../../services/platform/config/load.ts';
import { createMetrics, type Metrics } from '../../services/platform/metrics.ts';
import { createContext } from '../../services/run/context.ts';
import { SERVICES, type ServiceName } from '../../services/run/services.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { createStreamMetrics } from '../../services/stream/kafka/metrics.ts';

/** Labels by metric, as Prometheus has them after a scrape. */
export type DeclaredMetrics = ReadonlyMap<string, ReadonlySet<string>>;

/** What Prometheus adds to everything it scrapes; `service` is in the services' own registries too. */
const OF_THE_TARGET = ['job', 'instance', 'service'];

/**
 * Every metric that some service has: all of them are put together as `stillwatch run` does it, and none is started.
 * Those of Node are read off the text, since nobody here declares them.
 */
export async function declaredMetrics(): Promise<DeclaredMetrics> {
  const declared = new Map<string, ReadonlySet<string>>([['up', new Set(OF_THE_TARGET)]]);
  const add = (name: string, labels: readonly string[]): void => {
    declared.set(name, new Set([...OF_THE_TARGET, ...labels]));
  };
  const log = pino({ level: 'silent' });
  const loaded = loadConfig({ flags: { 'notify.webhook_url': 'http://127.0.0.1:9/' }, environment: {}, file: null });
  // They are the keys of an object that is written out there.
  for (const name of Object.keys(SERVICES) as ServiceName[]) {
    const context = await createContext(name, loaded, log, createKafkaClient);
    // A registry of its own: the context's has the stream metrics already.
    const metrics = recording(createMetrics(name), add);
    await SERVICES[name]({ ...context, metrics, streamMetrics: createStreamMetrics(metrics) });
    for (const [, metric = ''] of (await metrics.text()).matchAll(/^# TYPE (\S+) /gm))
      if (!metric.startsWith('stillwatch_')) add(metric, []);
  }
  return declared;
}

function recording(metrics: Metrics, add: (name: string, labels: readonly string[]) => void): Metrics {
  return {
    counter(name, help, labels = []) {
      add(`stillwatch_${name}`, labels);
      return metrics.counter(name, help, labels);
    },
    gauge(name, help, labels = []) {
      add(`stillwatch_${name}`, labels);
      return metrics.gauge(name, help, labels);
    },
    histogram(name, help, buckets, labels = []) {
      add(`stillwatch_${name}_bucket`, [...labels, 'le']);
      add(`stillwatch_${name}_sum`, labels);
      add(`stillwatch_${name}_count`, labels);
      return metrics.histogram(name, help, buckets, labels);
    },
    text: metrics.text,
  };
}
