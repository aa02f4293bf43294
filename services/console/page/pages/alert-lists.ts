import { useRef, useState } from 'preact/hooks';
import type { AlertRow, Trend } from '../../schemas/alert.ts';
import { get, useLive } from '../api.ts';

export const STATUSES = ['open', 'resolved'] as const;
export type Status = (typeof STATUSES)[number];

const REFRESH = 5_000;
const PAGE_SIZE = 50;

interface ListAnswer {
  alerts: AlertRow[];
  next: string | null;
  counts: { open: number; resolved: number };
}

export interface List {
  alerts: AlertRow[];
  counts: ListAnswer['counts'] | null;
  error: string | null;
  /** Asks for the next page; null on the last. */
  more: (() => void) | null;
  refresh(): void;
}

export const present = (criteria: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== ''));

/** The first page is live; the pages after it are as they were when they were asked for. */
export function useList(status: Status, criteria: Record<string, string>, isOff: boolean): List {
  const query = new URLSearchParams({ ...present(criteria), status, limit: String(isOff ? 1 : PAGE_SIZE) }).toString();
  const { answer, error, refresh } = useLive<ListAnswer>(`/api/alerts?${query}`, REFRESH);
  const [later, setLater] = useState<{ query: string; alerts: AlertRow[]; next: string | null } | null>(null);
  const older = later?.query === query ? later : null;
  const next = older === null ? (answer?.next ?? null) : older.next;
  const first = answer?.alerts ?? [];
  const known = new Set(first.map(({ alert_id }) => alert_id));
  return {
    alerts: isOff ? [] : [...first, ...(older?.alerts ?? []).filter(({ alert_id }) => !known.has(alert_id))],
    counts: answer?.counts ?? null,
    error,
    refresh,
    more:
      isOff || next === null
        ? null
        : () =>
            void get(`/api/alerts?${query}&before=${encodeURIComponent(next)}`).then((found) => {
              const page = found as ListAnswer;
              setLater({ query, alerts: [...(older?.alerts ?? []), ...page.alerts], next: page.next });
            }),
  };
}

const MOST_TRENDS = 100;
const TREND_REFRESH = 30_000;

export function useTrends(alerts: readonly AlertRow[]): ReadonlyMap<string, Trend> | null {
  const ids = [...new Set(alerts.map(({ subject_id }) => subject_id))].slice(0, MOST_TRENDS);
  const query = ids.map((id) => `subject_id=${encodeURIComponent(id)}`).join('&');
  const { answer } = useLive<{ trends: Trend[] }>(`/api/trends?${query}`, TREND_REFRESH);
  const held = useRef<ReadonlyMap<string, Trend> | null>(null);
  if (answer !== null && ids.length > 0)
    held.current = new Map(answer.trends.map((trend) => [trend.subject_id, trend]));
  return held.current;
}
