import { useState } from 'preact/hooks';
import type { RequeueSummary } from '../../../dead-letters/requeue.ts';
import { REQUEUED_TOPICS, requeueCommandLine } from '../../../dead-letters/way-back.ts';
import type { DeadLetterCount } from '../../schemas/operation.ts';
import { send } from '../api.ts';
import { useActor } from '../session.ts';
import { counted, whole, words } from '../words.ts';
import { Dialog, Notice } from './dialog.tsx';
import { Code, Copy, Moment, Table } from './small.tsx';

interface DeadLettersProps {
  letters: readonly DeadLetterCount[];
  /** Topics whose letters this console may send back. */
  topics: readonly string[];
  refresh(): void;
}

/** What was refused and why, and the way back once the cause is mended. */
export function DeadLetters({ letters, topics, refresh }: DeadLettersProps) {
  const [asking, setAsking] = useState<DeadLetterCount | null>(null);
  const [said, setSaid] = useState('');
  const { mayAct } = useActor();
  const maySend = ({ topic }: DeadLetterCount): boolean => mayAct && topics.includes(topic);
  const done = (outcome: string): void => {
    setSaid(outcome);
    refresh();
  };
  return (
    <section aria-label="Dead letters" class="panel">
      <h2>Dead letters</h2>
      {letters.length === 0 ? (
        <p class="soft">None: every message could be read.</p>
      ) : (
        <Table
          name="Dead letters by reason"
          numbers={['Messages']}
          heads={['Topic', 'Reason', 'Messages', 'Newest', 'Where', 'Of the newest', 'After a fix']}
        >
          {letters.map((row) => (
            <tr key={`${row.topic} ${row.reason}`}>
              <td>{row.topic}</td>
              <td>{words(row.reason)}</td>
              <td class="number">{whole(row.messages)}</td>
              <td>
                <Moment at={row.newest_ms} />
              </td>
              <td>
                partition {row.partition}, offset {whole(row.offset)}
              </td>
              <td class="wide">{row.detail}</td>
              <td>
                <button type="button" onClick={() => setAsking(row)}>
                  {maySend(row) ? 'Requeue' : 'How to requeue'}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <p role="status">{said}</p>
      {asking !== null &&
        (maySend(asking) ? (
          <RequeueDialog letters={asking} done={done} close={() => setAsking(null)} />
        ) : (
          <CommandDialog letters={asking} close={() => setAsking(null)} />
        ))}
    </section>
  );
}

interface RequeueDialogProps {
  letters: DeadLetterCount;
  done(outcome: string): void;
  close(): void;
}

function RequeueDialog({ letters: { topic, reason, messages }, done, close }: RequeueDialogProps) {
  const act = async (by: string | undefined): Promise<void> => {
    const summary = (await send('POST', 'api/dead-letters/requeue', { topic, reason, by })) as RequeueSummary;
    done(`${counted(summary.requeued, 'message')} requeued, ${whole(summary.already)} had been before.`);
  };
  return (
    <Dialog title="Requeue" verb="Requeue" act={act} close={close}>
      <p>
        {counted(messages, 'message')} refused for {words(reason)} go to {topic} again as they were, each once. Mend the
        cause first: what is still wrong comes back as a new dead letter.
      </p>
      <p class="soft">
        A call keeps its event time. One that is older than the watermark by now is late, and in no window: to have such
        calls in the figures, replay them.
      </p>
    </Dialog>
  );
}

/** Where the console may not send anything, or what was refused is stillwatch's own: what to type, or why not. */
function CommandDialog({ letters: { topic, reason }, close }: { letters: DeadLetterCount; close(): void }) {
  const command = requeueCommandLine({ topic, reason });
  return (
    <Notice title="How to requeue" heading="How to requeue" close={close}>
      {REQUEUED_TOPICS.has(topic) ? (
        <>
          <p>
            Mend the cause, then send them back, each once. With <code>console.requeue</code> set, responders can do it
            from here.
          </p>
          <Code name="Command">{command}</Code>
          <Copy text={command} what="the command" />
        </>
      ) : (
        <p>
          stillwatch wrote it itself, bound to its place between watermarks, so it does not go back. Keep the letter and
          report it: this should not happen.
        </p>
      )}
    </Notice>
  );
}
