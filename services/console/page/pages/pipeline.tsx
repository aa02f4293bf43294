import { useEffect } from 'preact/hooks';
import type { MetricSample, PipelineAnswer, ServiceStatus } from '../../schemas/operation.ts';
import { useLive } from '../api.ts';
import { DeadLetters } from '../parts/dead-letters.tsx';
import { Outputs } from '../parts/outputs.tsx';
import { Moment, Table, Tag, Trouble } from '../parts/small.tsx';
import { Undelivered } from '../parts/undelivered.tsx';
import { span } from '../times.ts';
import { whole, words } from '../words.ts';

const REFRESH = 5_000;

/** Whether what one sees is up to date, and what was refused on the way. */
export function PipelinePage() {
  const { answer: pipeline, error, refresh } = useLive<PipelineAnswer>('api/pipeline', REFRESH);
  useEffect(() => {
    document.title = 'Pipeline · stillwatch';
  }, []);
  if (pipeline === null) return error === null ? <p class="soft">Asking …</p> : <Trouble error={error} />;
  const now = Date.now();
  return (
    <>
      <div class="title">
        <h1>Pipeline</h1>
      </div>
      <Trouble error={error} />
      <section aria-label="Services" class="panel">
        <h2>Services</h2>
        {pipeline.services.length === 0 ? (
          <p class="soft">
            Lag, watermarks and late calls are known to the services only: set <code>console.services</code> to their
            health servers (name=http://host:port, separated by commas).
          </p>
        ) : (
          <Table
            name="Services"
            numbers={['Not yet read', 'Late', 'Dead letters']}
            heads={['Service', 'State', 'Not yet read', 'Complete until', 'Late', 'Dead letters', 'Address']}
          >
            {pipeline.services.map((service) => (
              <ServiceRow key={`${service.name} ${service.url}`} service={service} />
            ))}
          </Table>
        )}
      </section>
      {pipeline.services.some(({ tasks }) => tasks.length > 0) && (
        <section aria-label="Tasks" class="panel">
          <h2>Tasks</h2>
          <Table
            name="Tasks"
            numbers={['Partition']}
            heads={['Step', 'Partition', 'State', 'Watermark', 'Inputs, next offset']}
          >
            {pipeline.services.flatMap(({ url, tasks }) =>
              tasks.map((task) => (
                <tr key={`${url} ${task.step} ${task.partition}`}>
                  <td>{task.step}</td>
                  <td class="number">{task.partition}</td>
                  <td>
                    <Tag tone={task.state === 'running' ? 'done' : 'due'}>
                      {task.idle ? `${task.state}, idle` : task.state}
                    </Tag>
                  </td>
                  <td>
                    {isTime(task.watermark) ? <Moment at={task.watermark} /> : <span class="soft">none yet</span>}
                  </td>
                  <td class="wide">
                    {Object.entries(task.positions)
                      .map(([topic, { processed }]) => `${topic} ${whole(Number(processed))}`)
                      .join(', ')}
                  </td>
                </tr>
              )),
            )}
          </Table>
        </section>
      )}
      <section aria-label="Tables" class="panel">
        <h2>What is stored</h2>
        <Table
          name="Tables"
          numbers={['Rows', 'Behind the clock']}
          heads={['Table', 'Rows', 'Newest (event time)', 'Behind the clock']}
        >
          {pipeline.stored.map(({ table, rows, newest_ms }) => (
            <tr key={table}>
              <td class="wide">{words(table)}</td>
              <td class="number">{whole(rows)}</td>
              <td>{newest_ms === 0 ? <span class="soft">nothing yet</span> : <Moment at={newest_ms} />}</td>
              <td class="number">{newest_ms === 0 ? '' : span(Math.max(0, now - newest_ms))}</td>
            </tr>
          ))}
        </Table>
      </section>
      <Outputs services={pipeline.services} testsTargets={pipeline.tests_targets} />
      <Undelivered counts={pipeline.undelivered} />
      <DeadLetters letters={pipeline.dead_letters} topics={pipeline.requeued_topics} refresh={refresh} />
    </>
  );
}

function ServiceRow({ service }: { service: ServiceStatus }) {
  const { name, url, is_ready, error, tasks, metrics } = service;
  const marks = tasks.map(({ watermark }) => watermark).filter(isTime);
  // A step counts from the first one on; who is no step refuses nothing.
  const refused = (count: number | null): string => (tasks.length === 0 ? '' : whole(count ?? 0));
  const lag = sum(metrics, 'stream_lag_records');
  return (
    <tr>
      <td>{name}</td>
      <td class="wide">
        {error === null ? (
          <Tag tone={is_ready ? 'done' : 'due'}>{is_ready ? 'ready' : 'not ready'}</Tag>
        ) : (
          <Tag tone="due">{error}</Tag>
        )}
      </td>
      <td class="number">{lag === null ? '' : `${whole(lag)} records`}</td>
      <td>{marks.length === 0 ? '' : <Moment at={Math.min(...marks)} />}</td>
      <td class="number">{refused(sum(metrics, 'stream_decisions_total', ({ name: what }) => what === 'late'))}</td>
      <td class="number">{refused(sum(metrics, 'stream_dead_letters_total'))}</td>
      <td class="soft">{url}</td>
    </tr>
  );
}

/** Null when there is no such metric. */
function sum(
  metrics: readonly MetricSample[],
  name: string,
  fits: (labels: Record<string, string>) => boolean = () => true,
): number | null {
  const found = metrics.filter((sample) => sample.name === name && fits(sample.labels));
  return found.length === 0 ? null : found.reduce((total, { value }) => total + value, 0);
}

/** Before the first record a watermark is far before any time there is. */
const isTime = (watermark: number): boolean => watermark > 0 && watermark < 8.64e15;
