import { useEffect, useRef, useState } from 'preact/hooks';
import type { AlertRow, Trend } from '../../schemas/alert.ts';
import { AcknowledgeDialog } from '../parts/acknowledge.tsx';
import { AlertTable } from '../parts/alert-table.tsx';
import { More, Trouble } from '../parts/small.tsx';
import { choose, type Route } from '../route.ts';
import { useActor } from '../session.ts';
import { counted, whole } from '../words.ts';
import { useKeys } from './alert-keys.ts';
import { type List, present, STATUSES, type Status, useList, useTrends } from './alert-lists.ts';

const MOST_BULK = 10_000;

const FILTERS = [
  ['severity', 'Severity', ['page', 'ticket', 'info']],
  ['verdict', 'Verdict', ['harvesting', 'coordinated_pool']],
  ['handling', 'Handling', ['waiting', 'acknowledged']],
  ['status', 'Status', STATUSES],
] as const;

/** Open alerts are asked for by themselves, and first: however many were resolved since, none of them hides or holds up one that is open. */
export function AlertsPage({ route }: { route: Route }) {
  const { parameters } = route;
  const only = parameters.get('status');
  const criteria = Object.fromEntries(
    ['severity', 'verdict', 'handling', 'text'].map((name) => [name, parameters.get(name) ?? '']),
  );
  const listed = useList('open', criteria, only === 'resolved');
  const open = { ...listed, alerts: mostSevereFirst(listed.alerts) };
  const isOpenKnown = only === 'resolved' || isSettled(open);
  const resolved = useList('resolved', criteria, only === 'open' || !isOpenKnown);
  const shown = [...open.alerts, ...resolved.alerts];
  const trends = useTrends(shown, !(isOpenKnown && (only === 'open' || isSettled(resolved))));
  const counts = open.counts ?? resolved.counts;
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
  const number = counts?.open ?? 0;
  useEffect(() => {
    document.title = number === 0 ? 'Alerts · stillwatch' : `(${number}) Alerts · stillwatch`;
  }, [number]);

  return (
    <>
      <div class="title">
        <h1>Alerts</h1>
        <p class="soft" role="status" id="state">
          {said !== '' ? `${said} ` : ''}
          {counts === null ? 'Asking …' : `${whole(counts.open)} open, ${whole(counts.resolved)} resolved`}
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

const isSettled = ({ counts, error }: List): boolean => counts !== null || error !== null;

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
      <More more={list.more} />
    </div>
  );
}
