import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Zone } from './times.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  zone: Zone;
  theme: Theme;
  switchZone(): void;
  switchTheme(): void;
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export const PreferencesContext = createContext<Preferences>({
  zone: 'utc',
  theme: 'system',
  switchZone() {},
  switchTheme() {},
});

export const useZone = (): Zone => useContext(PreferencesContext).zone;
export const useTheme = (): Theme => useContext(PreferencesContext).theme;

/** Kept in this browser. */
export function usePreferences(): Preferences {
  const [zone, setZone] = useState<Zone>(() => (localStorage.getItem('stillwatch.zone') === 'local' ? 'local' : 'utc'));
  const [theme, setTheme] = useState<Theme>(
    () => THEMES.find((candidate) => candidate === localStorage.getItem('stillwatch.theme')) ?? 'system',
  );
  useEffect(() => {
    localStorage.setItem('stillwatch.zone', zone);
  }, [zone]);
  useEffect(() => {
    localStorage.setItem('stillwatch.theme', theme);
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return {
    zone,
    theme,
    switchZone: () => setZone(zone === 'utc' ? 'local' : 'utc'),
    switchTheme: () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'),
  };
}
