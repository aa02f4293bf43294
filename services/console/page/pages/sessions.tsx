import { useContext, useEffect, useState } from 'preact/hooks';
import type { SessionList } from '../../schemas/access.ts';
import { LOGGED_OUT, send, useLive } from '../api.ts';
import { EndSessionsDialog } from '../parts/end-sessions.tsx';
import { Moment, Table, Tag, Trouble } from '../parts/small.tsx';
import { keepPlace } from '../place.ts';
import { SessionContext } from '../session.ts';

const REFRESH = 15_000;
type Row = SessionList['sessions'][number];
/** What is to be ended, as the dialog asks about it, and where that is asked for. */
type Ending = { title: string; path: string };

/** Who is logged in with which browser: oneself, and for an admin everybody. */
export function SessionsPage() {
  const { answer, error, refresh } = useLive<SessionList>('api/sessions', REFRESH);
  const [ending, setEnding] = useState<Ending | null>(null);
  useEffect(() => {
    document.title = 'Sessions · stillwatch';
  }, []);
  const sessions = answer?.sessions ?? [];
  const own = sessions.filter(({ is_own }) => is_own);
  const others = sessions.filter(({ is_own }) => !is_own);
  const end = answer?.may_end === true ? setEnding : null;
  return (
    <>
      <div class="title">
        <h1>Sessions</h1>
        <p class="soft">A session ends by itself after twelve hours, or an hour in which its browser asked nothing.</p>
      </div>
      <Trouble error={error} />
      {answer?.may_end === false && own.length > 0 && <Again current={own.find(({ is_this }) => is_this)} />}
      <section aria-label="Yours" class="panel">
        <h2>Yours</h2>
        {answer !== null && own.length === 0 && <p class="soft">You have none.</p>}
        <SessionTable name="Your sessions" rows={own} end={end} />
        {end !== null && own.length > 1 && (
          <p class="buttons">
            <button
              type="button"
              onClick={() => end({ title: 'End all other sessions of yours', path: 'api/sessions' })}
            >
              End all others
            </button>
          </p>
        )}
      </section>
      {others.length > 0 && (
        <section aria-label="Of others" class="panel">
          <h2>Of others</h2>
          <SessionTable name="Sessions of others" rows={others} end={end} />
        </section>
      )}
      {ending !== null && <EndSessionsDialog {...ending} done={refresh} close={() => setEnding(null)} />}
    </>
  );
}

/** Whoever sits down at a browser that is logged in must not shut out whom it belongs to. */
function Again({ current }: { current: Row | undefined }) {
  const { signs_on } = useContext(SessionContext);
  const logOut = async (): Promise<void> => {
    await send('DELETE', 'api/session');
    dispatchEvent(new Event(LOGGED_OUT));
  };
  return (
    <p>
      To end sessions, say again who you are:{' '}
      {signs_on && current?.by === 'single sign-on' ? (
        <a class="button" href="api/sign-on?again=true" onClick={keepPlace}>
          Log in again
        </a>
      ) : (
        <button type="button" onClick={() => void logOut()}>
          Log in again
        </button>
      )}
    </p>
  );
}

interface SessionTableProps {
  name: string;
  rows: readonly Row[];
  /** Null: none of them can be ended now. */
  end: ((ending: Ending) => void) | null;
}

function SessionTable({ name, rows, end }: SessionTableProps) {
  if (rows.length === 0) return null;
  const heads = ['Who', 'Role', 'Browser', 'By', 'Since', 'Last used', 'From'];
  return (
    <Table name={name} heads={end === null ? heads : [...heads, 'Sooner']}>
      {rows.map((row) => (
        <tr key={row.session_id}>
          <td>
            {row.name} {row.is_this && <Tag>this one</Tag>}
          </td>
          <td>{row.role}</td>
          <td>{row.browser}</td>
          <td>{row.by}</td>
          <td>
            <Moment at={row.began_at_ms} />
          </td>
          <td>
            <Moment at={row.used_at_ms} />
          </td>
          <td>{row.address}</td>
          {end !== null && (
            <td>
              {!row.is_this && (
                <button
                  type="button"
                  onClick={() =>
                    end({
                      title: `End the session of ${row.name} from ${row.address}`,
                      path: `api/sessions/${encodeURIComponent(row.session_id)}`,
                    })
                  }
                >
                  End it now
                </button>
              )}
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}
