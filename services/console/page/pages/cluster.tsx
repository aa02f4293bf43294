import { useEffect } from 'preact/hooks';
import type { LineageRow, ShownCluster } from '../../schemas/subject.ts';
import { useLive } from '../api.ts';
import { JoinPicture } from '../parts/joins.tsx';
import { Copy, Moment, Severity, Table, Tag, Trouble } from '../parts/small.tsx';
import { LENGTHS, sizeOf, WindowsPanel } from '../parts/windows.tsx';
import { linkTo, type Route } from '../route.ts';
import { counted, percent, whole, words } from '../words.ts';

const REFRESH = 30_000;
const FIRST_CHANGES = 12;

/** Which accounts are taken for one actor, why, since when, and where they came from. */
export function ClusterPage({ id, route }: { id: string; route: Route }) {
  const size = sizeOf(route);
  const { answer: cluster, error } = useLive<ShownCluster>(
    `api/clusters/${encodeURIComponent(id)}?size=${size}`,
    REFRESH,
  );
  useEffect(() => {
    document.title = `${id} · stillwatch`;
  }, [id]);
  if (cluster === null) return error === null ? <p class="soft">Asking …</p> : <Trouble error={error} />;
  const isPart = id !== cluster.cluster_id;
  return (
    <>
      <p class="crumbs">
        <a href="#/alerts">Alerts</a>{' '}
        {isPart && <a href={linkTo('clusters', cluster.cluster_id)}>Cluster {cluster.cluster_id}</a>}
      </p>
      <Trouble error={error} />
      <article class="lead">
        <h1>{isPart ? `A part of cluster ${cluster.cluster_id}: ${id}` : `Cluster ${id}`}</h1>
        <p class="sure">
          {cluster.account_count === 0
            ? 'No account is in it now.'
            : `${counted(cluster.account_count, 'account')} that are taken for one actor now. Linkage is not guilt: what they ask for is on the alert.`}{' '}
          {cluster.parts
            .filter((part) => part !== id)
            .map((part) => (
              <a key={part} href={linkTo('clusters', part)}>
                {part}
              </a>
            ))}
        </p>
      </article>
      {cluster.alerts.length > 0 && (
        <section aria-label="Alerts of the cluster" class="panel">
          <h2>Alerts</h2>
          <Table name="Alerts of the cluster" heads={['Severity', 'Alert', 'Status', 'Updated']}>
            {cluster.alerts.map((alert) => (
              <tr key={alert.alert_id}>
                <td>
                  <Severity of={alert.severity} />
                </td>
                <td class="wide">
                  <a href={linkTo('alerts', alert.alert_id)}>{alert.alert_id}</a>{' '}
                  <span class="soft">{words(alert.verdict)}</span>
                </td>
                <td>{alert.status}</td>
                <td>
                  <Moment at={alert.updated_at_ms} />
                </td>
              </tr>
            ))}
          </Table>
        </section>
      )}
      <WindowsPanel
        route={route}
        points={cluster.windows.map(({ window_end_ms, calls, accounts }) => ({
          end: window_end_ms,
          calls: calls ?? 0,
          accounts,
        }))}
        step={LENGTHS[size]}
        heads={['Verdict', 'Confidence', 'Strongest signature']}
        cells={cluster.windows.map((row) => [words(row.verdict), percent(row.confidence), strongest(row.signatures)])}
      />
      <section aria-label="What joins the accounts" class="panel">
        <h2>What joins the accounts</h2>
        {cluster.joins.groups.length === 0 ? (
          <p class="soft">No account is in it now.</p>
        ) : (
          <JoinPicture joins={cluster.joins} />
        )}
      </section>
      <section aria-label="Lineage" class="panel">
        <h2>Lineage</h2>
        {cluster.lineage.length === 0 && (
          <p class="soft">No account joined or left it by an assignment that is stored.</p>
        )}
        {cluster.lineage.length > 0 && <LineageTable name="Lineage" rows={cluster.lineage.slice(0, FIRST_CHANGES)} />}
        {cluster.lineage.length > FIRST_CHANGES && (
          <details>
            <summary>{counted(cluster.lineage.length - FIRST_CHANGES, 'earlier change')}</summary>
            <LineageTable name="Earlier lineage" rows={cluster.lineage.slice(FIRST_CHANGES)} />
          </details>
        )}
      </section>
      <section aria-label="Accounts" class="panel">
        <h2>Accounts</h2>
        <p class="soft">
          {cluster.accounts.length < cluster.account_count
            ? `The ${whole(cluster.accounts.length)} of ${whole(cluster.account_count)} that joined last.`
            : `All ${whole(cluster.account_count)}, latest first.`}
        </p>
        <ul class="samples">
          {cluster.accounts.map(({ account_id }) => (
            <li key={account_id}>
              <a href={linkTo('accounts', account_id)}>{account_id}</a>
            </li>
          ))}
        </ul>
        {cluster.accounts.length > 0 && (
          <Copy text={cluster.accounts.map(({ account_id }) => account_id).join('\n')} what="these accounts" />
        )}
      </section>
    </>
  );
}

function LineageTable({ name, rows }: { name: string; rows: readonly LineageRow[] }) {
  return (
    <Table name={name} numbers={['Accounts']} heads={['When', 'Accounts', 'What']}>
      {rows.map((row) => (
        <tr key={`${row.effective_at_ms} ${row.change} ${row.reason} ${row.other_cluster_id}`}>
          <td>
            <Moment at={row.effective_at_ms} />
          </td>
          <td class="number">{row.change === 'in' ? `+${whole(row.accounts)}` : `−${whole(row.accounts)}`}</td>
          <td class="wide">
            <LineageWords row={row} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function strongest(signatures: Readonly<Record<string, number>>) {
  const [first] = Object.entries(signatures).sort(([, a], [, b]) => b - a);
  return first === undefined ? '' : <Tag>{`${words(first[0])} ${percent(first[1])}`}</Tag>;
}

function LineageWords({ row }: { row: LineageRow }) {
  const other =
    row.other_cluster_id === '' ? null : <a href={linkTo('clusters', row.other_cluster_id)}>{row.other_cluster_id}</a>;
  if (row.change === 'in')
    return other === null ? (
      <span>{row.reason}</span>
    ) : (
      <>
        {row.reason}: from {other}
      </>
    );
  return other === null ? (
    <>{row.reason}: linked to nobody any more</>
  ) : (
    <>
      {row.reason}: to {other}
    </>
  );
}
