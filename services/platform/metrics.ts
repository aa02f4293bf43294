import { Counter, collectDefaultMetrics, Gauge, Histogram, type LabelValues, Registry } from '@prometheus-io/client';

/** A process's own registry: never the library's global one, so that two services in one test do not share figures. */
export interface Metrics {
  counter<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  gauge<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Gauge<Label>;
  histogram<Label extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly Label[],
  ): Histogram<Label>;
  text(): Promise<string>;
}

const PREFIX = 'stillwatch_';

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return {
    counter: (name, help, labels = []) =>
      new Counter({ name: PREFIX + name, help, labelNames: [...labels], registers: [registry] }),
    gauge: (name, help, labels = []) =>
      new Gauge({ name: PREFIX + name, help, labelNames: [...labels], registers: [registry] }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({
        name: PREFIX + name,
        help,
        buckets: [...buckets],
        labelNames: [...labels],
        registers: [registry],
      }),
    text: () => registry.metrics(),
  };
}

/** Sets series of a gauge in place of those that were set before by the same function: what is no longer there must not go on being shown. */
export function replaceSeries<Label extends string>(
  gauge: Gauge<Label>,
): (series: readonly { labels: LabelValues<Label>; value: number }[]) => void {
  let before: readonly { labels: LabelValues<Label> }[] = [];
  return (series) => {
    for (const { labels } of before) gauge.remove(labels);
    for (const { labels, value } of series) gauge.set(labels, value);
    before = series;
  };
}
