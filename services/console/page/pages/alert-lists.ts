import { useRef } from 'preact/hooks';
import type { AlertList, AlertRow, Trend } from '../../schemas/alert.ts';
import { useLive } from '../api.ts';
import { usePaged } from '../paging.ts';

export const STATUSES = ['open', 'resolved'] as const;
export type Status = (typeof STATUSES)[number];

const REFRESH = 5_000;
const PAGE_SIZE = 50;

export interface List {
  alerts: AlertRow[];
  counts: AlertList['counts'] | null;
  error: string | null;
  /** Asks for the next page; null on the last. */
  more: (() => void) | null;
  refresh(): void;
}

export const present = (criteria: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== ''));

export function useList(status: Status, criteria: Record<string, string>, isOff: boolean): List {
  const query = new URLSearchParams({ ...present(criteria), status, limit: String(isOff ? 1 : PAGE_SIZE) }).toString();
  const { items, answer, error, more, refresh } = usePaged<AlertRow, AlertList>(
    `/api/alerts?${query}`,
    REFRESH,
    ({ alerts }) => alerts,
    ({ alert_id }) => alert_id,
  );
  return {
    alerts: isOff ? [] : items,
    counts: answer?.counts ?? null,
    error,
    refresh,
    more: isOff ? null : more,
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
