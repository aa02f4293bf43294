import type { AlertRow, Trend } from '../../schemas/alert.ts';
import { linkTo } from '../route.ts';
import { percent, whole, words } from '../words.ts';
import { Age, Scroll, Severity, Tag } from './small.tsx';
import { Sparkline } from './sparkline.tsx';

interface AlertTableProps {
  name: string;
  alerts: readonly AlertRow[];
  /** Null: not known yet. */
  trends: ReadonlyMap<string, Trend> | null;
  selected: ReadonlySet<string>;
  toggle(alertId: string): void;
}

/** One row an alert; on a narrow screen one card an alert. */
export function AlertTable({ name, alerts, trends, selected, toggle }: AlertTableProps) {
  const now = Date.now();
  const isOpen = alerts[0]?.status === 'open';
  return (
    <Scroll name={name}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Select</span>
            </th>
            {[
              'Severity',
              'Who',
              'Verdict',
              isOpen ? 'Opened' : 'Resolved',
              'Exchanges',
              'Accounts',
              '48 hours',
              'On call',
            ].map((head) => (
              <th key={head} scope="col" class={['Exchanges', 'Accounts'].includes(head) ? 'number' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <Row
              key={alert.alert_id}
              alert={alert}
              trend={trends === null ? null : trends.get(alert.subject_id)}
              now={now}
              isSelected={selected.has(alert.alert_id)}
              toggle={toggle}
            />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface RowProps {
  alert: AlertRow;
  trend: Trend | null | undefined;
  now: number;
  isSelected: boolean;
  toggle(alertId: string): void;
}

function Row({ alert, trend, now, isSelected, toggle }: RowProps) {
  const { alert_id, severity, verdict, subject_type, subject_id, summary } = alert;
  return (
    <tr data-alert={alert_id} class={isSelected ? 'selected' : ''}>
      <td class="pick">
        <input
          type="checkbox"
          checked={isSelected}
          aria-label={`Select ${alert_id}`}
          onChange={() => toggle(alert_id)}
        />
      </td>
      <td class="severity">
        <Severity of={severity} />
      </td>
      <td class="who">
        <a href={linkTo('alerts', alert_id)}>
          {subject_type} {subject_id}
        </a>
        <span class="summary soft" title={summary}>
          {summary}
        </span>
      </td>
      <td class="verdict">
        {words(verdict)} <span class="soft">{percent(alert.confidence)} sure</span>
      </td>
      <td class="when">
        <Age at={alert.status === 'open' ? alert.opened_at_ms : alert.updated_at_ms} now={now} />
      </td>
      <td class="number" data-unit="exchanges">
        {whole(alert.exchange_count)}
      </td>
      <td class="number" data-unit={alert.account_count === 1 ? 'account' : 'accounts'}>
        {whole(alert.account_count)}
      </td>
      <td class="trend">{trend !== null && <Sparkline trend={trend} />}</td>
      <td class="handling">
        <Handling alert={alert} />
      </td>
    </tr>
  );
}

/** What people made of it so far. */
export function Handling({ alert }: { alert: AlertRow }) {
  const isSilenced = alert.silenced_until_ms > Date.now();
  return (
    <span class="tags">
      {alert.is_acknowledged ? (
        <Tag tone="done">acknowledged by {alert.acknowledged_by}</Tag>
      ) : (
        <Tag tone={alert.status === 'open' ? 'due' : ''}>{alert.status === 'open' ? 'waiting' : 'resolved'}</Tag>
      )}
      {alert.assignee !== '' && <Tag>{alert.assignee} looks after it</Tag>}
      {isSilenced && <Tag>silenced</Tag>}
      {alert.mark !== '' && <Tag tone={alert.mark === 'true' ? 'due' : ''}>marked {alert.mark}</Tag>}
    </span>
  );
}
