import { useState } from 'preact/hooks';
import { send } from '../api.ts';
import { useActor } from '../session.ts';
import { counted, whole } from '../words.ts';
import { Dialog } from './dialog.tsx';

type What = { ids: readonly string[] } | { filter: Record<string, string>; number: number };

interface AcknowledgeProps {
  what: What;
  /** Told exactly what was changed. */
  done(outcome: string): void;
  close(): void;
}

interface Outcome {
  changed: number;
  already: number;
  unknown: number;
  left: number;
}

/** Of one alert: whoever acknowledges it usually looks after it too. */
export function AcknowledgeDialog({ what, done, close }: AcknowledgeProps) {
  const [note, setNote] = useState('');
  const [isMine, setMine] = useState(true);
  const { name } = useActor();
  const single = 'ids' in what && what.ids.length === 1 ? what.ids[0] : undefined;
  const number = 'ids' in what ? what.ids.length : what.number;
  const act = async (by: string | undefined): Promise<void> => {
    const asked = 'ids' in what ? { alert_ids: what.ids } : { filter: what.filter };
    const outcome = (await send('POST', 'api/acknowledgements', { ...asked, note, by })) as Outcome;
    if (single !== undefined && isMine)
      await send('POST', `api/alerts/${encodeURIComponent(single)}/assignment`, { assignee: by ?? name, by });
    done(sayOutcome(outcome));
  };
  return (
    <Dialog title={`Acknowledge ${counted(number, 'alert')}`} verb="Acknowledge" act={act} close={close}>
      <label>
        Note (optional)
        <input maxLength={1_000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      {single !== undefined && (
        <label class="check">
          <input type="checkbox" checked={isMine} onChange={(event) => setMine(event.currentTarget.checked)} /> I look
          after it
        </label>
      )}
    </Dialog>
  );
}

export function sayOutcome({ changed, already, unknown, left }: Outcome): string {
  const parts = [`${counted(changed, 'alert')} acknowledged`];
  if (already > 0) parts.push(`${whole(already)} had been before`);
  if (unknown > 0) parts.push(`${whole(unknown)} not found`);
  if (left > 0) parts.push(`${whole(left)} left: do it again`);
  return `${parts.join(', ')}.`;
}
