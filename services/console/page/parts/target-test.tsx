import type { TestAnswer } from '../../../notify/test-request.ts';
import { send } from '../api.ts';
import { Dialog } from './dialog.tsx';
import { Code, Tag } from './small.tsx';

export interface Tested extends TestAnswer {
  target: string;
}

interface TargetTestProps {
  target: string;
  done(tested: Tested): void;
  close(): void;
}

export function TargetTestDialog({ target, done, close }: TargetTestProps) {
  const act = async (by: string | undefined): Promise<void> => {
    const answer = (await send('POST', `api/targets/${encodeURIComponent(target)}/test`, { by })) as TestAnswer;
    done({ ...answer, target });
  };
  return (
    <Dialog title="Send a test" verb="Send" act={act} close={close}>
      <p>
        <code>{target}</code> is sent an alert marked TEST, of severity info, and its end, whatever routes, quiet hours
        and silences say. Whoever looks there sees it.
      </p>
    </Dialog>
  );
}

/** What the target answered. Somebody else's text, shown as it is. */
export function TargetTestOutcome({ tested: { target, sent } }: { tested: Tested }) {
  return (
    <>
      {sent.map(({ type, is_taken, outcome, answer }) => (
        <div key={type}>
          <p>
            {target}, {type === 'stillwatch.alert.opened' ? 'the TEST alert' : 'its end'}:{' '}
            <Tag tone={is_taken ? 'done' : 'due'}>{is_taken ? 'taken' : 'not taken'}</Tag> {outcome}
          </p>
          {answer !== '' && <Code name={`Answer to ${type}`}>{answer}</Code>}
        </div>
      ))}
    </>
  );
}
