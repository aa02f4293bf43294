import { useRef } from 'preact/hooks';
import type { AlertList, AlertRow, Trend, TrendList } from '../../schemas/alert.ts';
import { useLive } from '../api.ts';
import { usePaged } from '../paging.ts';

export const STATUSES = ['open', 'resolved'] as const;
export type Status = (typeof STATUSES)[number];

const REFRESH = 5_000;
const PAGE_SIZE = 50;

export interface List {
  alerts: AlertRow[];
  /** Of both statuses; null until the answer came. */
  counts: AlertList['counts'] | null;
  error: string | null;
  /** Asks for the next page; null on the last. */
  more: (() => void) | null;
  refresh(): void;
}

export const present = (criteria: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== ''));

/** Nothing is asked while it waits. */
export function useList(status: Status, criteria: Record<string, string>, isWaiting: boolean): List {
  const query = new URLSearchParams({ ...present(criteria), status, limit: String(PAGE_SIZE) }).toString();
  const { items, answer, error, more, refresh } = usePaged<AlertRow, AlertList>(
    isWaiting ? null : `api/alerts?${query}`,
    REFRESH,
    ({ alerts }) => alerts,
    ({ alert_id }) => alert_id,
  );
  return { alerts: items, counts: answer?.counts ?? null, error, refresh, more };
}

const MOST_TRENDS = 100;
const TREND_REFRESH = 30_000;

/** Asked for once the lists are there: they are what one reads first. */
export function useTrends(alerts: readonly AlertRow[], isWaiting: boolean): ReadonlyMap<string, Trend> | null {
  const ids = [...new Set(alerts.map(({ subject_id }) => subject_id))].slice(0, MOST_TRENDS);
  const query = ids.map((id) => `subject_id=${encodeURIComponent(id)}`).join('&');
  const { answer } = useLive<TrendList>(isWaiting || ids.length === 0 ? null : `api/trends?${query}`, TREND_REFRESH);
  const held = useRef<ReadonlyMap<string, Trend> | null>(null);
  if (answer !== null) held.current = new Map(answer.trends.map((trend) => [trend.subject_id, trend]));
  return held.current;
}
