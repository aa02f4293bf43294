import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AlertCase } from '../../schemas/alert-case.ts';
import { useActor } from '../session.ts';
import { counted, percent, whole } from '../words.ts';
import { EndSilenceDialog } from './end-silence.tsx';
import { isOver, keptBack, SilenceEnd, whyOver } from './silence-end.tsx';
import { Moment, Table } from './small.tsx';

interface Event {
  at: number;
  who: string;
  what: ComponentChildren;
}

/** Everything that happened to an alert, by the detector and by people, latest first. */
export function AlertHistory({ alert, refresh }: { alert: AlertCase; refresh(): void }) {
  const [ending, setEnding] = useState<string | null>(null);
  const { mayAct } = useActor();
  const events: Event[] = [
    ...alert.timeline.map((entry) => ({
      at: entry.updated_at_ms,
      who: 'stillwatch',
      what: `revision ${entry.revision} ${entry.type.replace('stillwatch.alert.', '')} as ${entry.severity}: ${whole(entry.account_count)} accounts, ${whole(entry.exchange_count)} exchanges, ${percent(entry.confidence)} sure`,
    })),
    ...alert.handling.map(({ handled_at_ms, author, action, assignee, note }) => ({
      at: handled_at_ms,
      who: author,
      what: `${action === 'assigned' ? `assigned to ${assignee === '' ? 'nobody' : assignee}` : action}${said(note)}`,
    })),
    ...alert.marks.map(({ marked_at_ms, marked_by, mark, duplicate_of, note }) => ({
      at: marked_at_ms,
      who: marked_by,
      what: `marked ${mark}${duplicate_of === '' ? '' : ` of ${duplicate_of}`}${said(note)}`,
    })),
    ...alert.delivered.map(({ delivered_at_ms, target, revision, attempts, http_status }) => ({
      at: delivered_at_ms,
      who: 'notify',
      what: `${target} took revision ${revision}: HTTP ${http_status}${attempts === 1 ? '' : `, at attempt ${attempts}`}`,
    })),
    ...alert.undelivered.map(({ emitted_at_ms, target, revision, reason, attempts }) => ({
      at: emitted_at_ms,
      who: 'notify',
      what: `${target} did not take revision ${revision}, published then: ${reason}, after ${counted(attempts, 'attempt')}`,
    })),
    ...alert.silences.map((silence) => ({
      at: silence.starts_at_ms,
      who: silence.author,
      what: (
        <>
          silenced the {silence.target_type} until <SilenceEnd silence={silence} />: {silence.reason}{' '}
          {!isOver(silence) && mayAct && (
            <button type="button" class="small" onClick={() => setEnding(silence.silence_id)}>
              End it now
            </button>
          )}
        </>
      ),
    })),
    ...alert.silences.filter(isOver).map((silence) => ({
      at: silence.until_ms,
      who: 'stillwatch',
      what: `the silence of the ${silence.target_type} by ${silence.author} was over, ${whyOver(silence)}: ${keptBack(silence.kept_back)}`,
    })),
  ].sort((a, b) => b.at - a.at);
  return (
    <section aria-label="History" class="panel">
      <h2>History</h2>
      <Table name="History of the alert" heads={['When', 'Who', 'What']}>
        {events.map(({ at, who, what }, place) => (
          <tr key={`${at} ${place}`}>
            <td>
              <Moment at={at} />
            </td>
            <td>{who}</td>
            <td class="wide">{what}</td>
          </tr>
        ))}
      </Table>
      {ending !== null && <EndSilenceDialog silenceId={ending} done={refresh} close={() => setEnding(null)} />}
    </section>
  );
}

const said = (note: string): string => (note === '' ? '' : `: ${note}`);
