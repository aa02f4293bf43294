import { useState } from 'preact/hooks';
import type { AlertCase } from '../../schemas/alert-case.ts';
import { send } from '../api.ts';
import { useActor } from '../session.ts';
import { AcknowledgeDialog } from './acknowledge.tsx';
import { Dialog } from './dialog.tsx';
import { ExceptionDialog } from './exception.tsx';
import { SilenceDialog } from './silence.tsx';

type Asking = 'acknowledge' | 'assign' | 'silence' | 'mark' | 'except';

/** What can be done about an alert. None of it changes what is detected. */
export function AlertActions({ alert, refresh }: { alert: AlertCase; refresh(): void }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const [said, setSaid] = useState('');
  const { mayAct } = useActor();
  const close = (): void => setAsking(null);
  const done = (outcome: string): void => {
    setSaid(outcome);
    refresh();
  };
  const shared = { alert, done, close };
  return (
    <div class="actions">
      {mayAct && (
        <>
          <button
            type="button"
            class={alert.is_acknowledged ? '' : 'primary'}
            disabled={alert.is_acknowledged}
            onClick={() => setAsking('acknowledge')}
          >
            {alert.is_acknowledged ? 'Acknowledged' : 'Acknowledge'}
          </button>
          <button type="button" onClick={() => setAsking('assign')}>
            Assign
          </button>
          <button type="button" onClick={() => setAsking('silence')}>
            Silence
          </button>
          <button type="button" onClick={() => setAsking('mark')}>
            Mark
          </button>
        </>
      )}
      <button type="button" onClick={() => setAsking('except')}>
        Allow-list
      </button>
      <a class="button" href={`api/alerts/${encodeURIComponent(alert.alert_id)}/case`} download>
        Export the case
      </a>
      <span role="status">{said}</span>
      {asking === 'acknowledge' && <AcknowledgeDialog what={{ ids: [alert.alert_id] }} done={done} close={close} />}
      {asking === 'assign' && <AssignDialog {...shared} />}
      {asking === 'silence' && <SilenceDialog {...shared} />}
      {asking === 'mark' && <MarkDialog {...shared} />}
      {asking === 'except' && <ExceptionDialog alert={alert} close={close} />}
    </div>
  );
}

interface DialogFor {
  alert: AlertCase;
  done(outcome: string): void;
  close(): void;
}

function AssignDialog({ alert, done, close }: DialogFor) {
  const [assignee, setAssignee] = useState(alert.assignee);
  const act = async (by: string | undefined): Promise<void> => {
    await send('POST', `api/alerts/${encodeURIComponent(alert.alert_id)}/assignment`, { assignee, by });
    done(assignee === '' ? 'Assigned to nobody.' : `Assigned to ${assignee}.`);
  };
  return (
    <Dialog title="Assign this alert" verb="Assign" act={act} close={close}>
      <label>
        Who looks after it (empty: nobody)
        <input maxLength={100} value={assignee} onInput={(event) => setAssignee(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}

const MARK_TEXTS = [
  ['true', 'true: a campaign'],
  ['false', 'false: an innocent answer fits'],
  ['duplicate', 'duplicate: another alert is the same campaign'],
] as const;

function MarkDialog({ alert, done, close }: DialogFor) {
  const [mark, setMark] = useState('true');
  const [other, setOther] = useState('');
  const [note, setNote] = useState('');
  const act = async (by: string | undefined): Promise<void> => {
    const duplicate = mark === 'duplicate' ? { duplicate_of: other } : {};
    await send('POST', `api/alerts/${encodeURIComponent(alert.alert_id)}/marks`, { mark, note, by, ...duplicate });
    done(`Marked ${mark}.`);
  };
  return (
    <Dialog title="What was it?" verb="Mark" act={act} close={close}>
      <fieldset>
        <legend class="unseen">Mark</legend>
        {MARK_TEXTS.map(([value, text]) => (
          <label key={value} class="check">
            <input type="radio" name="mark" value={value} checked={mark === value} onChange={() => setMark(value)} />{' '}
            {text}
          </label>
        ))}
      </fieldset>
      {mark === 'duplicate' && (
        <label>
          Id of the other alert
          <input required maxLength={300} value={other} onInput={(event) => setOther(event.currentTarget.value)} />
        </label>
      )}
      <label>
        Why
        <input required maxLength={1_000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
