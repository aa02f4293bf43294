import type { MetricSample } from '../schemas/operation.ts';

/** What a label of these metrics says, each once, in order. */
export function valuesOf(metrics: readonly MetricSample[], names: readonly string[], label: string): string[] {
  const own = metrics.filter(({ name }) => names.includes(name));
  return [...new Set(own.map(({ labels }) => labels[label] ?? ''))].sort();
}

/** Over all processes. */
export function count(
  metrics: readonly MetricSample[],
  name: string,
  labels: Readonly<Record<string, string>>,
): number {
  return metrics
    .filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    )
    .reduce((total, { value }) => total + value, 0);
}
