import { randomBytes } from 'node:crypto';
import type { Identity } from './tokens.ts';

export interface Sessions {
  /** The session's id. */
  open(identity: Identity): string;
  /** Whose session it is; null when there is none, or it is over. */
  find(id: string): Identity | null;
  close(id: string): void;
}

const HOUR = 3_600_000;
/** A shift. */
export const SESSION_LIFETIME = 12 * HOUR;
/** The oldest one gives way. */
const MOST_SESSIONS = 1_000;

/**
 * Who has logged in with a browser. Kept in this process only: a restart logs everybody out, a token that is taken from the configuration ends with it, and
 * nothing that is stored anywhere lets anybody in.
 */
export function createSessions(now: () => number): Sessions {
  const open = new Map<string, { identity: Identity; ends: number }>();
  return {
    open(identity) {
      for (const [id, { ends }] of open) if (ends <= now() || open.size >= MOST_SESSIONS) open.delete(id);
      const id = randomBytes(32).toString('base64url');
      open.set(id, { identity, ends: now() + SESSION_LIFETIME });
      return id;
    },
    find(id) {
      const session = open.get(id);
      return session === undefined || session.ends <= now() ? null : session.identity;
    },
    close: (id) => void open.delete(id),
  };
}
