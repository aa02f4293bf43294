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
/** Without a request: an open page asks by itself, so that only a browser that was closed or put to sleep is idle. */
export const SESSION_IDLE = HOUR;
/** The oldest one gives way. */
const MOST_SESSIONS = 1_000;

/**
 * Who has logged in with a browser. Kept in this process only: a restart logs everybody out, a token that is taken from the configuration ends with it, and
 * nothing that is stored anywhere lets anybody in.
 */
export function createSessions(now: () => number): Sessions {
  const open = new Map<string, { identity: Identity; ends: number; idle: number }>();
  const isOver = ({ ends, idle }: { ends: number; idle: number }): boolean => Math.min(ends, idle) <= now();
  return {
    open(identity) {
      for (const [id, session] of open) if (isOver(session) || open.size >= MOST_SESSIONS) open.delete(id);
      const id = randomBytes(32).toString('base64url');
      open.set(id, { identity, ends: now() + SESSION_LIFETIME, idle: now() + SESSION_IDLE });
      return id;
    },
    find(id) {
      const session = open.get(id);
      if (session === undefined || isOver(session)) return null;
      session.idle = now() + SESSION_IDLE;
      return session.identity;
    },
    close: (id) => void open.delete(id),
  };
}
