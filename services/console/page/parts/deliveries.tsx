import { useState } from 'preact/hooks';
import type { ServiceStatus } from '../../schemas/operation.ts';
import { count, valuesOf } from '../metrics.ts';
import { useActor } from '../session.ts';
import { whole } from '../words.ts';
import { Table } from './small.tsx';
import { TargetTestDialog, TargetTestOutcome, type Tested } from './target-test.tsx';

const OUTCOMES = {
  delivered: 'Delivered',
  retried: 'Tried again',
  held: 'Held back',
  not_routed: 'Not for it',
  undelivered: 'Undelivered',
} as const;

export interface DeliveriesProps {
  services: readonly ServiceStatus[];
  /** Whether admins may have targets tested from here. */
  testsTargets: boolean;
}

/** What each target of notify was told, over all processes; and whether it takes anything now, for who may try. */
export function Deliveries({ services, testsTargets }: DeliveriesProps) {
  const [asking, setAsking] = useState<string | null>(null);
  const [tested, setTested] = useState<Tested | null>(null);
  const mayTest = useActor().isAdmin && testsTargets;
  const metrics = services.flatMap((service) => service.metrics);
  // Those of a process that answers can be tested; of one that does not there may be none but what it has counted.
  const known = new Set(services.flatMap((service) => service.targets));
  const targets = [...new Set([...known, ...valuesOf(metrics, ['notify_messages_total'], 'target')])].sort();
  const heads = ['Target', ...Object.values(OUTCOMES)];
  if (targets.length === 0) return null;
  return (
    <section aria-label="Deliveries" class="panel">
      <h2>Deliveries since notify started</h2>
      <Table
        name="Deliveries by target"
        numbers={Object.values(OUTCOMES)}
        heads={mayTest ? [...heads, 'Does it arrive'] : heads}
      >
        {targets.map((target) => (
          <tr key={target}>
            <td class="wide">{target}</td>
            {Object.keys(OUTCOMES).map((outcome) => (
              <td key={outcome} class="number">
                {whole(count(metrics, 'notify_messages_total', { target, outcome }))}
              </td>
            ))}
            {mayTest && (
              <td>
                {known.has(target) && (
                  <button type="button" onClick={() => setAsking(target)}>
                    Send a test
                  </button>
                )}
              </td>
            )}
          </tr>
        ))}
      </Table>
      {!testsTargets && (
        <p class="soft">
          <code>stillwatch notify test</code> shows whether a target takes alerts. With <code>notify.test_key</code> set
          for the console and notify, admins can try it from here.
        </p>
      )}
      <div role="status">{tested !== null && <TargetTestOutcome tested={tested} />}</div>
      {asking !== null && <TargetTestDialog target={asking} done={setTested} close={() => setAsking(null)} />}
    </section>
  );
}
