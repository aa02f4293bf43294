import { useEffect, useState } from 'preact/hooks';
import { send } from '../api.ts';
import { keepPlace } from '../place.ts';
import type { Session } from '../session.ts';

/** The address stays as it was: who follows a link to an alert sees it after logging in. */
export function LoginPage({ signsOn, entered }: { signsOn: boolean; entered(session: Session): void }) {
  const [token, setToken] = useState('');
  const [error, setError] = useState<string | null>(signOnTrouble);
  useEffect(() => {
    document.title = 'Log in · stillwatch';
  }, []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      entered((await send('POST', 'api/session', { token: token.trim() })) as Session);
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <form class="login" onSubmit={(event) => void submit(event)}>
      <h1>Log in</h1>
      {signsOn && (
        <p>
          <a class="button" href="api/sign-on" onClick={keepPlace}>
            Log in with single sign-on
          </a>
        </p>
      )}
      <label>
        Access token
        <input
          type="password"
          autocomplete="current-password"
          required
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      {error !== null && (
        <p class="trouble" role="alert">
          {error}
        </p>
      )}
      <p class="buttons">
        <button type="submit" class="primary">
          Log in
        </button>
      </p>
    </form>
  );
}

const TROUBLES: Readonly<Record<string, string>> = {
  away: 'Single sign-on does not answer: try again, or log in with a token.',
  failed: 'Single sign-on did not come about: try again. The log of the console says why.',
  no_role: 'You are known, but have no role here: ask whoever keeps the groups that console.oidc_roles names.',
};

/** Why the way through single sign-on ended here again; null: nobody was on it. */
function signOnTrouble(): string | null {
  return TROUBLES[new URLSearchParams(location.search).get('sign_on') ?? ''] ?? null;
}
