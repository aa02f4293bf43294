import type { Connection, Engine } from './engine.ts';
import { clickHouseError } from './errors.ts';

/** A connection lent to one request. */
export interface Lease {
  connection: Connection;
  /** Settings made by earlier requests of the session, to be undone first. */
  dirty: string[];
  release(): void;
}

interface Session {
  connection: Connection;
  dirty: string[];
  busy: boolean;
  expiry: NodeJS.Timeout | null;
}

const DEFAULT_TIMEOUT = 60;

/**
 * A request has a connection of its own, so that settings, parameters, database and temporary tables end with it; a named session keeps one for a while.
 *
 *   (none) --lease(id)--> busy --release--> idle --lease--> busy ; idle --timeout or close_session--> closed
 */
export function createSessions(engine: Engine, connect: () => Connection) {
  const sessions = new Map<string, Session>();

  const close = (id: string, session: Session): void => {
    if (session.busy) return;
    sessions.delete(id);
    engine.CloseConnection(session.connection);
  };

  return {
    lease(parameters: URLSearchParams): Lease {
      const id = parameters.get('session_id');
      if (id === null) {
        const connection = connect();
        return { connection, dirty: [], release: () => engine.CloseConnection(connection) };
      }
      let session = sessions.get(id);
      if (session === undefined) {
        if (parameters.get('session_check') === '1')
          throw clickHouseError(372, 'SESSION_NOT_FOUND', `Session ${id} not found.`);
        session = { connection: connect(), dirty: [], busy: false, expiry: null };
        sessions.set(id, session);
      }
      if (session.busy)
        throw clickHouseError(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client.`);
      session.busy = true;
      if (session.expiry !== null) clearTimeout(session.expiry);
      const open = session;
      return {
        connection: open.connection,
        get dirty() {
          return open.dirty;
        },
        set dirty(names: string[]) {
          open.dirty = names;
        },
        release() {
          open.busy = false;
          if (parameters.get('close_session') === '1') close(id, open);
          else
            open.expiry = setTimeout(
              () => close(id, open),
              1_000 * Number(parameters.get('session_timeout') ?? DEFAULT_TIMEOUT),
            ).unref();
        },
      };
    },
    closeAll(): void {
      for (const session of sessions.values()) engine.CloseConnection(session.connection);
      sessions.clear();
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;
