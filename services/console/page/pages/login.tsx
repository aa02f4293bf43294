import { useEffect, useState } from 'preact/hooks';
import { send } from '../api.ts';
import type { Session } from '../session.ts';

/** The address stays as it was: who follows a link to an alert sees it after logging in. */
export function LoginPage({ entered }: { entered(session: Session): void }) {
  const [token, setToken] = useState('');
  const [error, setError] = useState<string | null>(null);
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
