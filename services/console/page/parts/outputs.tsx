import { count, valuesOf } from '../metrics.ts';
import { whole, words } from '../words.ts';
import { Deliveries, type DeliveriesProps } from './deliveries.tsx';
import { Table } from './small.tsx';

/** What left the pipeline since its processes started: alerts to each target, rows to each table. Nothing where no service says so. */
export function Outputs({ services, testsTargets }: DeliveriesProps) {
  const metrics = services.flatMap((service) => service.metrics);
  const tables = valuesOf(metrics, ['sink_rows_total', 'sink_failures_total'], 'table');
  return (
    <>
      <Deliveries services={services} testsTargets={testsTargets} />
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
