import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SessionAnswer } from '../schemas/access.ts';

export type Session = SessionAnswer;

export const SessionContext = createContext<Session>({ asks: false, signs_on: false, who: null });

const NAME_KEY = 'stillwatch.name';

export interface Actor {
  mayAct: boolean;
  isAdmin: boolean;
  /** Known by the log-in; null where nobody is asked, and then whoever acts types a name. */
  name: string | null;
}

export function useActor(): Actor {
  return actorOf(useContext(SessionContext));
}

export function actorOf({ asks, who }: Session): Actor {
  const isAdmin = !asks || who?.role === 'admin';
  return { mayAct: isAdmin || who?.role === 'responder', isAdmin, name: who?.name ?? null };
}

/** The name that was typed last on this machine. */
export const rememberedName = (): string => localStorage.getItem(NAME_KEY) ?? '';
export const rememberName = (name: string): void => localStorage.setItem(NAME_KEY, name);
