import type { Connection, Engine } from './engine.ts';
import { clickHouseError } from './errors.ts';

/** A connection lent to one request. */
export interface Lease {
  connection: Connection;
  /** Names of the settings that the session's last request made: they end with it. */
  takeLastSettings(): readonly string[];
  keepSettings(names: readonly string[]): void;
  release(): void;
}

interface Session {
  connection: Connection;
  lastSettings: readonly string[];
  busy: boolean;
  expiry: NodeJS.Timeout | null;
}

/** Seconds; what a ClickHouse server has. */
const DEFAULT_TIMEOUT = 60;
const LONGEST_TIMEOUT = 3_600;

/**
 * A request has a connection of its own, so that settings, parameters, database and temporary tables end with it; a named session keeps one for a while.
 *
 *   (none) --lease--> busy --release--> idle --lease--> busy ; idle --timeout--> closed ; busy --release with close_session--> closed
 */
export function createSessions(engine: Engine) {
  const sessions = new Map<string, Session>();

  const lookUp = (id: string, mustExist: boolean): Session => {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    if (mustExist) throw clickHouseError(372, 'SESSION_NOT_FOUND', `Session ${id} not found.`);
    const session: Session = { connection: engine.connect(), lastSettings: [], busy: false, expiry: null };
    sessions.set(id, session);
    return session;
  };

  const close = (id: string, session: Session): void => {
    sessions.delete(id);
    session.connection.close();
  };

  return {
    lease(parameters: URLSearchParams): Lease {
      const id = parameters.get('session_id');
      if (id === null) return singleUse(engine.connect());
      const timeout = sessionTimeout(parameters);
      const session = lookUp(id, parameters.get('session_check') === '1');
      if (session.busy)
        throw clickHouseError(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client.`);
      session.busy = true;
      if (session.expiry !== null) clearTimeout(session.expiry);
      return {
        connection: session.connection,
        takeLastSettings() {
          const names = session.lastSettings;
          session.lastSettings = [];
          return names;
        },
        keepSettings(names) {
          session.lastSettings = names;
        },
        release() {
          session.busy = false;
          if (parameters.get('close_session') === '1') close(id, session);
          else session.expiry = setTimeout(() => close(id, session), 1_000 * timeout).unref();
        },
      };
    },
    /** When no request runs any more. */
    closeAll(): void {
      for (const [id, session] of sessions) {
        if (session.expiry !== null) clearTimeout(session.expiry);
        close(id, session);
      }
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;

function singleUse(connection: Connection): Lease {
  return { connection, takeLastSettings: () => [], keepSettings: () => undefined, release: () => connection.close() };
}

function sessionTimeout(parameters: URLSearchParams): number {
  const text = parameters.get('session_timeout') ?? String(DEFAULT_TIMEOUT);
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= LONGEST_TIMEOUT) return seconds;
  throw clickHouseError(
    374,
    'INVALID_SESSION_TIMEOUT',
    `Session timeout '${text}' is not a number of seconds up to ${LONGEST_TIMEOUT}`,
  );
}
