import { useState } from 'preact/hooks';
import { get, useLive } from './api.ts';

export interface Paged<Item, Answer> {
  items: Item[];
  /** The first page's answer; null until it came. */
  answer: Answer | null;
  error: string | null;
  /** Asks for the next page; null on the last. */
  more: (() => void) | null;
  refresh(): void;
}

interface Later<Item> {
  path: string;
  items: Item[];
  next: string | null;
  error: string | null;
}

/** The first page is live; the pages after it are as they were when they were asked for. `path` has a query, and is null while nothing is to be asked; `keyOf` names an item. */
export function usePaged<Item, Answer extends { next: string | null }>(
  path: string | null,
  every: number,
  itemsOf: (answer: Answer) => readonly Item[],
  keyOf: (item: Item) => string,
): Paged<Item, Answer> {
  const { answer, error, refresh } = useLive<Answer>(path, every);
  const [later, setLater] = useState<Later<Item> | null>(null);
  const older = later?.path === path ? later : null;
  const next = older === null ? (answer?.next ?? null) : older.next;
  const first = answer === null ? [] : itemsOf(answer);
  const known = new Set(first.map(keyOf));
  const items = older?.items ?? [];
  const ask = async (path: string, key: string): Promise<void> => {
    try {
      const page = (await get(`${path}&before=${encodeURIComponent(key)}`)) as Answer;
      setLater({ path, items: [...items, ...itemsOf(page)], next: page.next, error: null });
    } catch (problem) {
      setLater({ path, items, next: key, error: problem instanceof Error ? problem.message : String(problem) });
    }
  };
  return {
    items: [...first, ...items.filter((item) => !known.has(keyOf(item)))],
    answer,
    error: error ?? older?.error ?? null,
    refresh,
    more: path === null || next === null ? null : () => void ask(path, next),
  };
}
