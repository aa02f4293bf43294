import type { MetricSample, ServiceStatus } from '../../schemas/operation.ts';
import { whole, words } from '../words.ts';
import { Table } from './small.tsx';

const OUTCOMES = {
  delivered: 'Delivered',
  retried: 'Tried again',
  held: 'Held back',
  not_routed: 'Not for it',
  undelivered: 'Undelivered',
} as const;

/** What left the pipeline since its processes started: alerts to each target, rows to each table. Nothing where no service says so. */
export function Outputs({ services }: { services: readonly ServiceStatus[] }) {
  const metrics = services.flatMap((service) => service.metrics);
  const targets = valuesOf(metrics, ['notify_messages_total'], 'target');
  const tables = valuesOf(metrics, ['sink_rows_total', 'sink_failures_total'], 'table');
  const outcomes = Object.entries(OUTCOMES);
  return (
    <>
      {targets.length > 0 && (
        <section aria-label="Deliveries" class="panel">
          <h2>Deliveries since notify started</h2>
          <Table
            name="Deliveries by target"
            numbers={Object.values(OUTCOMES)}
            heads={['Target', ...Object.values(OUTCOMES)]}
          >
            {targets.map((target) => (
              <tr key={target}>
                <td class="wide">{target}</td>
                {outcomes.map(([outcome]) => (
                  <td key={outcome} class="number">
                    {whole(count(metrics, 'notify_messages_total', { target, outcome }))}
                  </td>
                ))}
              </tr>
            ))}
          </Table>
        </section>
      )}
      {tables.length > 0 && (
        <section aria-label="Rows" class="panel">
          <h2>Rows since sink started</h2>
          <Table
            name="Rows by table"
            numbers={['Stored', 'Batches refused', 'Unreadable messages']}
            heads={['Table', 'Stored', 'Batches refused', 'Unreadable messages']}
          >
            {tables.map((table) => (
              <tr key={table}>
                <td class="wide">{words(table)}</td>
                <td class="number">{whole(count(metrics, 'sink_rows_total', { table }))}</td>
                <td class="number">{whole(count(metrics, 'sink_failures_total', { table, reason: 'refused' }))}</td>
                <td class="number">{whole(count(metrics, 'sink_failures_total', { table, reason: 'unreadable' }))}</td>
              </tr>
            ))}
          </Table>
        </section>
      )}
    </>
  );
}

/** What a label of these metrics says, each once, in order. */
function valuesOf(metrics: readonly MetricSample[], names: readonly string[], label: string): string[] {
  const own = metrics.filter(({ name }) => names.includes(name));
  return [...new Set(own.map(({ labels }) => labels[label] ?? ''))].sort();
}

/** Over all processes. */
function count(metrics: readonly MetricSample[], name: string, labels: Readonly<Record<string, string>>): number {
  return metrics
    .filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    )
    .reduce((total, { value }) => total + value, 0);
}
