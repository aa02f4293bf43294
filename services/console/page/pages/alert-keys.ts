import { useEffect, useRef } from 'preact/hooks';
import type { AlertRow } from '../../schemas/alert.ts';

interface Keys {
  shown: readonly AlertRow[];
  selected: ReadonlySet<string>;
  toggle(alertId: string): void;
  refresh(): void;
  acknowledge(ids: readonly string[]): void;
  search(): void;
}

/** The row that has the focus is the one that is meant; Enter on its link opens it. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target?.closest('input:not([type=checkbox]), select, dialog')
      )
        return;
      const { shown, selected, toggle, refresh, acknowledge, search } = latest.current;
      const current = shown.findIndex(({ alert_id }) => target?.closest('tr')?.dataset['alert'] === alert_id);
      const id = shown[current]?.alert_id;
      const go = (place: number): void => {
        const wanted = shown[Math.min(shown.length - 1, Math.max(0, place))]?.alert_id;
        const row = [...document.querySelectorAll<HTMLElement>('tr[data-alert]')].find(
          ({ dataset }) => dataset['alert'] === wanted,
        );
        row?.querySelector<HTMLElement>('a')?.focus();
      };
      const actions: Record<string, () => void> = {
        j: () => go(current + 1),
        k: () => go(current - 1),
        x: () => id !== undefined && toggle(id),
        a: () => {
          const ids = selected.size > 0 ? [...selected] : id === undefined ? [] : [id];
          if (ids.length > 0) acknowledge(ids);
        },
        r: refresh,
        '/': search,
      };
      const action = actions[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}
