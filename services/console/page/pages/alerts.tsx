import { useEffect, useRef, useState } from 'preact/hooks';
import type { AlertRow, Trend } from '../../alert-store.ts';
import { get, useLive } from '../api.ts';
import { AcknowledgeDialog } from '../parts/acknowledge.tsx';
import { AlertTable } from '../parts/alert-table.tsx';
import { Trouble } from '../parts/small.tsx';
import { choose, type Route } from '../route.ts';
import { useActor } from '../session.ts';
import { counted, whole } from '../words.ts';

interface ListAnswer {
  alerts: AlertRow[];
  next: string | null;
  counts: { open: number; resolved: number };
}

const REFRESH = 5_000;
const PAGE_SIZE = 50;
const MOST_BULK = 10_000;
const STATUSES = ['open', 'resolved'] as const;
type Status = (typeof STATUSES)[number];

const FILTERS = [
  ['severity', 'Severity', ['page', 'ticket', 'info']],
  ['verdict', 'Verdict', ['harvesting', 'coordinated_pool']],
  ['handling', 'Handling', ['waiting', 'acknowledged']],
  ['status', 'Status', STATUSES],
] as const;

/** Open alerts are asked for by themselves: however many were resolved since, none of them hides one that is open. */
export function AlertsPage({ route }: { route: Route }) {
  const { parameters } = route;
  const only = parameters.get('status');
  const criteria = Object.fromEntries(
    ['severity', 'verdict', 'handling', 'text'].map((name) => [name, parameters.get(name) ?? '']),
  );
  const listed = useList('open', criteria, only === 'resolved');
  const open = { ...listed, alerts: mostSevereFirst(listed.alerts) };
  const resolved = useList('resolved', criteria, only === 'open');
  const shown = [...open.alerts, ...resolved.alerts];
  const trends = useTrends(shown);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<readonly string[] | 'all' | null>(null);
  const [said, setSaid] = useState('');
  const { mayAct } = useActor();
  const search = useRef<HTMLInputElement>(null);
  const refresh = (): void => {
    open.refresh();
    resolved.refresh();
  };
  useKeys({
    shown,
    selected,
    toggle,
    refresh,
    acknowledge: (ids) => mayAct && setAsking(ids),
    search: () => search.current?.focus(),
  });

  function toggle(alertId: string): void {
    const next = new Set(selected);
    if (!next.delete(alertId)) next.add(alertId);
    setSelected(next);
  }
  const number = open.counts?.open ?? 0;
  useEffect(() => {
    document.title = number === 0 ? 'Alerts · stillwatch' : `(${number}) Alerts · stillwatch`;
  }, [number]);

  return (
    <>
      <div class="title">
        <h1>Alerts</h1>
        <p class="soft" role="status" id="state">
          {said !== '' ? `${said} ` : ''}
          {open.counts === null || resolved.counts === null
            ? 'Asking …'
            : `${whole(open.counts.open)} open, ${whole(resolved.counts.resolved)} resolved`}
        </p>
      </div>
      <search class="filters">
        <label class="search">
          <span>Search</span>
          <input
            ref={search}
            type="search"
            placeholder="alert, cluster, account, words"
            value={criteria['text']}
            onInput={(event) => choose(route, { text: event.currentTarget.value })}
          />
        </label>
        {FILTERS.map(([name, title, values]) => (
          <label key={name}>
            <span>{title}</span>
            <select
              value={parameters.get(name) ?? ''}
              onChange={(event) => choose(route, { [name]: event.currentTarget.value })}
            >
              <option value="">any</option>
              {values.map((value) => (
                <option key={value} value={value}>
                  {value.replace('_', ' ')}
                </option>
              ))}
            </select>
          </label>
        ))}
        {mayAct && (
          <div class="bulk">
            <button type="button" disabled={selected.size === 0} onClick={() => setAsking([...selected])}>
              Acknowledge {selected.size === 0 ? 'selected' : counted(selected.size, 'selected', 'selected')}
            </button>
            <button type="button" disabled={number === 0 || only === 'resolved'} onClick={() => setAsking('all')}>
              Acknowledge all {whole(Math.min(number, MOST_BULK))} open
            </button>
          </div>
        )}
      </search>
      <Trouble error={open.error ?? resolved.error} />
      {STATUSES.filter((status) => only === null || only === '' || only === status).map((status) => (
        <Section
          key={status}
          status={status}
          list={status === 'open' ? open : resolved}
          trends={trends}
          selected={selected}
          toggle={toggle}
          isFiltered={Object.values(criteria).some((value) => value !== '')}
        />
      ))}
      <p class="keys soft">
        <kbd>j</kbd> <kbd>k</kbd> next, previous <kbd>Enter</kbd> open <kbd>x</kbd> select <kbd>a</kbd> acknowledge{' '}
        <kbd>r</kbd> refresh <kbd>/</kbd> search
      </p>
      {asking !== null && (
        <AcknowledgeDialog
          what={asking === 'all' ? { filter: { ...present(criteria), status: 'open' }, number } : { ids: asking }}
          done={(outcome) => {
            setSaid(outcome);
            setSelected(new Set());
            refresh();
          }}
          close={() => setAsking(null)}
        />
      )}
    </>
  );
}

const SEVERITIES = ['page', 'ticket', 'info'];

/** As they came within a severity: the sort is stable. */
function mostSevereFirst(alerts: readonly AlertRow[]): AlertRow[] {
  return alerts.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

interface SectionProps {
  status: Status;
  list: List;
  /** Null: not known yet. */
  trends: ReadonlyMap<string, Trend> | null;
  selected: ReadonlySet<string>;
  toggle(alertId: string): void;
  isFiltered: boolean;
}

function Section({ status, list, isFiltered, ...rest }: SectionProps) {
  const title = status === 'open' ? 'Open' : 'Resolved';
  const fits = isFiltered ? ' that fits the filter' : '';
  const none = status === 'open' ? `No alert${fits} is open.` : `No alert${fits} has been resolved so far.`;
  return (
    <div class="alerts">
      <h2>{title}</h2>
      {list.alerts.length > 0 && <AlertTable name={`${title} alerts`} alerts={list.alerts} {...rest} />}
      {list.alerts.length === 0 && list.counts !== null && <p class="soft">{none}</p>}
      {list.more !== null && (
        <button type="button" onClick={list.more}>
          Show more
        </button>
      )}
    </div>
  );
}

interface List {
  alerts: AlertRow[];
  counts: ListAnswer['counts'] | null;
  error: string | null;
  /** Asks for the next page; null on the last. */
  more: (() => void) | null;
  refresh(): void;
}

const present = (criteria: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== ''));

/** The first page is live; the pages after it are as they were when they were asked for. */
function useList(status: Status, criteria: Record<string, string>, isOff: boolean): List {
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

function useTrends(alerts: readonly AlertRow[]): ReadonlyMap<string, Trend> | null {
  const ids = [...new Set(alerts.map(({ subject_id }) => subject_id))].slice(0, MOST_TRENDS);
  const query = ids.map((id) => `subject_id=${encodeURIComponent(id)}`).join('&');
  const { answer } = useLive<{ trends: Trend[] }>(`/api/trends?${query}`, TREND_REFRESH);
  const held = useRef<ReadonlyMap<string, Trend> | null>(null);
  if (answer !== null && ids.length > 0)
    held.current = new Map(answer.trends.map((trend) => [trend.subject_id, trend]));
  return held.current;
}

interface Keys {
  shown: readonly AlertRow[];
  selected: ReadonlySet<string>;
  toggle(alertId: string): void;
  refresh(): void;
  acknowledge(ids: readonly string[]): void;
  search(): void;
}

/** The row that has the focus is the one that is meant; Enter on its link opens it. */
function useKeys(keys: Keys): void {
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
