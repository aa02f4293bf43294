import { useEffect } from 'preact/hooks';
import type { ShownAccount } from '../../schemas/subject.ts';
import { useLive } from '../api.ts';
import { Facts } from '../parts/facts.tsx';
import { EvidenceTable } from '../parts/joins.tsx';
import { Moment, Table, Trouble } from '../parts/small.tsx';
import { LENGTHS, sizeOf, WindowsPanel } from '../parts/windows.tsx';
import { linkTo, type Route } from '../route.ts';
import { percent, whole } from '../words.ts';

const REFRESH = 30_000;

/** What one account did, and with whom it was linked since when and why. */
export function AccountPage({ id, route }: { id: string; route: Route }) {
  const size = sizeOf(route);
  const { answer: account, error } = useLive<ShownAccount>(
    `api/accounts/${encodeURIComponent(id)}?size=${size}`,
    REFRESH,
  );
  useEffect(() => {
    document.title = `${id} · stillwatch`;
  }, [id]);
  if (account === null) return error === null ? <p class="soft">Asking …</p> : <Trouble error={error} />;
  const [latest] = account.assignments;
  const cluster = latest === undefined || latest.cluster_id === '' ? null : latest.cluster_id;
  const productive = account.windows.filter(({ product_share }) => product_share !== null);
  const share =
    productive.reduce((sum, { product_share }) => sum + (product_share ?? 0), 0) / Math.max(1, productive.length);
  return (
    <>
      <p class="crumbs">
        <a href="#/alerts">Alerts</a> {cluster !== null && <a href={linkTo('clusters', cluster)}>Cluster {cluster}</a>}
      </p>
      <Trouble error={error} />
      <article class="lead">
        <h1>Account {account.account_id}</h1>
        <p class="sure">
          {cluster === null
            ? 'Linked to nobody now.'
            : `One of the accounts of cluster ${cluster}, which were taken for one actor.`}{' '}
          {productive.length > 0 &&
            `${percent(share)} of its prompts, hour by hour on average, ask for what a model is trained on.`}
        </p>
      </article>
      <Facts
        facts={[
          ['Exchanges', whole(account.calls)],
          ['Plan', account.plan || 'not known'],
          ['Organization', account.organization_id || 'not known'],
          ['Country', account.country || 'not known'],
          ['Status', account.account_status],
          ['Verified', account.verified === null ? 'not known' : account.verified ? 'yes' : 'no'],
          ['First seen', <Moment key="first" at={account.first_seen_ms} />],
          ['Last seen', <Moment key="last" at={account.last_seen_ms} />],
        ]}
      />
      <WindowsPanel
        route={route}
        points={account.windows.map(({ window_end_ms, calls }) => ({
          end: window_end_ms,
          calls: calls ?? 0,
          accounts: null,
        }))}
        step={LENGTHS[size]}
        heads={['Tokens in', 'Tokens out', 'Training data asked for', 'Errors']}
        cells={account.windows.map((row) => [
          whole(row.input_tokens ?? 0),
          whole(row.output_tokens ?? 0),
          row.product_share === null ? '' : percent(row.product_share),
          row.error_share === null ? '' : percent(row.error_share),
        ])}
      />
      {latest !== undefined && latest.evidence.length > 0 && (
        <section aria-label="Links" class="panel">
          <h2>What joins it to the others</h2>
          <EvidenceTable evidence={latest.evidence} />
        </section>
      )}
      <section aria-label="History" class="panel">
        <h2>Which cluster it was in</h2>
        {account.assignments.length === 0 && account.memberships.length === 0 ? (
          <p class="soft">It was never linked.</p>
        ) : (
          <Table name="Assignments" numbers={['Accounts then']} heads={['From', 'What', 'Cluster', 'Accounts then']}>
            {account.assignments.map((row) => (
              <tr key={row.version}>
                <td>
                  <Moment at={row.effective_at_ms} />
                </td>
                <td>{row.reason}</td>
                <td class="wide">
                  {row.cluster_id === '' ? 'none' : <a href={linkTo('clusters', row.cluster_id)}>{row.cluster_id}</a>}
                  {row.previous_cluster_id !== '' && (
                    <>
                      {' '}
                      from <a href={linkTo('clusters', row.previous_cluster_id)}>{row.previous_cluster_id}</a>
                    </>
                  )}
                </td>
                <td class="number">{whole(row.cluster_size)}</td>
              </tr>
            ))}
            {account.memberships.map((row) => (
              <tr key={`${row.subject_id} ${row.effective_at_ms}`}>
                <td>
                  <Moment at={row.effective_at_ms} />
                </td>
                <td>{row.change} a sub-population</td>
                <td class="wide">
                  <a href={linkTo('clusters', row.subject_id)}>{row.subject_id}</a>
                </td>
                <td />
              </tr>
            ))}
          </Table>
        )}
      </section>
    </>
  );
}
