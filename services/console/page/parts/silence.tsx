import { useState } from 'preact/hooks';
import type { AlertCase } from '../../schemas/alert-case.ts';
import { send } from '../api.ts';
import { span } from '../times.ts';
import { Dialog } from './dialog.tsx';

const HOUR = 3_600_000;
const DURATIONS = [
  ['1 hour', HOUR],
  ['4 hours', 4 * HOUR],
  ['12 hours', 12 * HOUR],
  ['1 day', 24 * HOUR],
  ['7 days', 7 * 24 * HOUR],
  ['30 days', 30 * 24 * HOUR],
] as const;
/** An alert that goes on has a message every hour: a gap of two says something. */
const IDLE_TIMES: readonly number[] = [2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 3 * 24 * HOUR];

interface SilenceDialogProps {
  alert: AlertCase;
  done(outcome: string): void;
  close(): void;
}

export function SilenceDialog({ alert, done, close }: SilenceDialogProps) {
  const [length, setLength] = useState(4 * HOUR);
  const [idle, setIdle] = useState(0);
  const [target, setTarget] = useState<'alert' | 'cluster'>('alert');
  const [reason, setReason] = useState('');
  // One that is as long as the silence would say nothing.
  const idleTimes = IDLE_TIMES.filter((value) => value < length);
  const chosen = idleTimes.includes(idle) ? idle : 0;
  const act = async (by: string | undefined): Promise<void> => {
    const target_id = target === 'cluster' ? (alert.cluster_id ?? alert.alert_id) : alert.alert_id;
    await send('POST', 'api/silences', {
      target_type: target,
      target_id,
      ends_at_ms: Date.now() + length,
      ...(chosen > 0 ? { idle_ms: chosen } : {}),
      reason,
      by,
    });
    done('Silenced.');
  };
  return (
    <Dialog title="Silence" verb="Silence" act={act} close={close}>
      <p class="soft">People are not told of it for a while. It is still detected, updated and shown here.</p>
      <label>
        For
        <select value={length} onChange={(event) => setLength(Number(event.currentTarget.value))}>
          {DURATIONS.map(([name, value]) => (
            <option key={name} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Ends early
        <select value={chosen} onChange={(event) => setIdle(Number(event.currentTarget.value))}>
          <option value={0}>never</option>
          {idleTimes.map((value) => (
            <option key={value} value={value}>
              after {span(value)} without a message
            </option>
          ))}
        </select>
      </label>
      {alert.cluster_id !== null && (
        <label>
          What
          <select
            value={target}
            onChange={(event) => setTarget(event.currentTarget.value === 'cluster' ? 'cluster' : 'alert')}
          >
            <option value="alert">this alert</option>
            <option value="cluster">every alert about cluster {alert.cluster_id}</option>
          </select>
        </label>
      )}
      <label>
        Reason
        <input required maxLength={1_000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
