import { randomBytes } from 'node:crypto';
import type { Identity } from './tokens.ts';

export const LOG_INS = ['token', 'single sign-on'] as const;

export interface LogIn {
  identity: Identity;
  by: (typeof LOG_INS)[number];
  /** When they last said who they are, by all that is known: a provider lets people in whom it asked hours ago. Null: it does not say. */
  authenticated: number | null;
  address: string;
  browser: string;
}

export interface Session extends Readonly<LogIn> {
  /** Tells it from others and lets nobody in, unlike the id that its browser keeps. */
  readonly handle: string;
  readonly began: number;
  readonly used: number;
}

export interface Sessions {
  /** The session's id. */
  open(logIn: LogIn): string;
  /** Used from this address now; null when there is none, or it is over. */
  find(id: string, address: string): Session | null;
  /** Those that are not over, in the order in which they began. */
  list(): Session[];
  close(id: string): void;
  /** Those of the handles, whoever has them. */
  end(handles: readonly string[]): void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A shift. */
export const SESSION_LIFETIME = 12 * HOUR;
/** Without a request: an open page asks by itself, so that only a browser that was closed or put to sleep is idle. */
export const SESSION_IDLE = HOUR;
/** Who has a session must not by it alone end those of whoever it belongs to: that takes who has said this lately who they are. */
export const SESSION_RECENT = 10 * MINUTE;
/** The oldest one gives way. */
const MOST_SESSIONS = 1_000;

/**
 * Who has logged in with a browser. Kept in this process only: a restart logs everybody out, a token that is taken from the configuration ends with it, and
 * nothing that is stored anywhere lets anybody in.
 */
export function createSessions(now: () => number): Sessions {
  const open = new Map<string, Session>();
  const isOver = ({ began, used }: Session): boolean =>
    Math.min(began + SESSION_LIFETIME, used + SESSION_IDLE) <= now();
  return {
    open(logIn) {
      for (const [id, session] of open) if (isOver(session) || open.size >= MOST_SESSIONS) open.delete(id);
      const id = randomBytes(32).toString('base64url');
      open.set(id, { ...logIn, handle: randomBytes(12).toString('base64url'), began: now(), used: now() });
      return id;
    },
    find(id, address) {
      const session = open.get(id);
      if (session === undefined || isOver(session)) return null;
      const used = { ...session, address, used: now() };
      open.set(id, used);
      return used;
    },
    list: () => [...open.values()].filter((session) => !isOver(session)),
    close: (id) => void open.delete(id),
    end(handles) {
      for (const [id, { handle }] of open) if (handles.includes(handle)) open.delete(id);
    },
  };
}
