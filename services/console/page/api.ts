import { useEffect, useRef, useState } from 'preact/hooks';
import type { Refusal } from '../refusals.ts';

/** Dispatched when the server no longer knows who asks. */
export const LOGGED_OUT = 'stillwatch:logged-out';

/** The API's answer, or an error that says what and what to do. Paths are relative: a proxy may have the console under a path of its own. */
export async function get(path: string): Promise<unknown> {
  return await answerOf(await fetch(path));
}

export async function send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return await answerOf(response);
}

async function answerOf(response: Response): Promise<unknown> {
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { error, what, hint } = answer as Refusal;
  if (error === 'unauthorized') dispatchEvent(new Event(LOGGED_OUT));
  throw new Error(`${what}. ${hint}`);
}

export interface Live<Answer> {
  /** Of this path; null until the first answer. */
  answer: Answer | null;
  /** Why the answer is missing or no longer up to date; null when it is. */
  error: string | null;
  /** When the answer was last confirmed, milliseconds. */
  at: number;
  refresh(): void;
}

interface Held<Answer> {
  path: string | null;
  answer: Answer | null;
  error: string | null;
  at: number;
}

/**
 * Asks again every so often, with the ETag of what is shown: what has not changed is neither sent nor drawn again. An answer to an earlier path is dropped.
 * Without a path nothing is asked.
 */
export function useLive<Answer>(path: string | null, every: number | null): Live<Answer> {
  const [held, setHeld] = useState<Held<Answer>>({ path, answer: null, error: null, at: 0 });
  const [asked, setAsked] = useState(0);
  const etag = useRef<{ path: string; value: string } | null>(null);
  useEffect(() => {
    if (path === null) return;
    const stopping = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const known = etag.current?.path === path ? etag.current.value : null;
      try {
        const response = await fetch(path, {
          signal: stopping.signal,
          headers: known === null ? {} : { 'if-none-match': known },
        });
        const answer = response.status === 304 ? null : ((await answerOf(response)) as Answer);
        if (stopping.signal.aborted) return;
        const value = response.headers.get('etag');
        etag.current = value === null ? null : { path, value };
        setHeld((before) => ({ path, answer: answer ?? before.answer, error: null, at: Date.now() }));
      } catch (error) {
        if (stopping.signal.aborted) return;
        const what = error instanceof Error ? error.message : String(error);
        setHeld((before) => ({
          path,
          answer: before.path === path ? before.answer : null,
          error: what,
          at: before.at,
        }));
      }
      if (every !== null) timer = setTimeout(() => void ask(), every);
    };
    void ask();
    return () => {
      stopping.abort();
      clearTimeout(timer);
    };
  }, [path, every, asked]);
  const isCurrent = held.path === path;
  return {
    answer: isCurrent ? held.answer : null,
    error: isCurrent ? held.error : null,
    at: isCurrent ? held.at : 0,
    refresh: () => setAsked(asked + 1),
  };
}
