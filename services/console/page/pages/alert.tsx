import { useEffect } from 'preact/hooks';
import type { AlertCase } from '../../schemas/alert-case.ts';
import { useLive } from '../api.ts';
import { AlertActions } from '../parts/alert-actions.tsx';
import { AlertHistory } from '../parts/alert-history.tsx';
import { Handling } from '../parts/alert-table.tsx';
import { Chart } from '../parts/chart.tsx';
import { EvidenceTable, JoinPicture } from '../parts/joins.tsx';
import { Signatures } from '../parts/signatures.tsx';
import { Code, Copy, Moment, OutwardLink, Severity, Table, Tag, Time, Trouble } from '../parts/small.tsx';
import { linkTo } from '../route.ts';
import { certainty, counted, nextStep, percent, sentence, whole, words } from '../words.ts';

const REFRESH = 10_000;
const HOUR = 3_600_000;

/** Who, how many exchanges, how sure, what next; then why. */
export function AlertPage({ id }: { id: string }) {
  const { answer: alert, error, refresh } = useLive<AlertCase>(`api/alerts/${encodeURIComponent(id)}`, REFRESH);
  useEffect(() => {
    document.title = `${alert?.subject_id ?? 'Alert'} · stillwatch`;
  }, [alert?.subject_id]);
  if (alert === null) return error === null ? <p class="soft">Asking …</p> : <Trouble error={error} />;
  return (
    <>
      <p class="crumbs">
        <a href="#/alerts">Alerts</a>
      </p>
      <Trouble error={error} />
      <article class="lead">
        <div class="tags">
          <Severity of={alert.severity} /> <Tag>{words(alert.verdict)}</Tag> <Tag>{alert.status}</Tag>{' '}
          <Handling alert={alert} />
        </div>
        <h1>{sentence(alert)}</h1>
        <p class="sure">
          {certainty(alert)} <b>Next:</b> {nextStep(alert)} <OutwardLink to={alert.runbook_url}>runbook</OutwardLink>
        </p>
        <AlertActions alert={alert} refresh={refresh} />
      </article>
      <Facts alert={alert} />
      <section aria-label="What was seen" class="panel">
        <h2>What the traffic looks like</h2>
        <p class="soft">{alert.summary}</p>
        {alert.cohort !== '' && <p class="soft">Compared with: {alert.cohort}</p>}
        {alert.baseline_note !== '' && <p class="soft">Baseline: {alert.baseline_note}</p>}
        <Signatures signatures={alert.signatures} formulas={alert.formulas} />
      </section>
      <Timeline alert={alert} />
      <section aria-label="What joins the accounts" class="panel">
        <h2>What joins the accounts</h2>
        {alert.joins !== null && alert.joins.groups.length > 0 && <JoinPicture joins={alert.joins} />}
        {alert.linking_evidence.length === 0 ? (
          <p class="soft">
            {alert.subject_type === 'account'
              ? 'A single account: nothing joins it to others.'
              : 'No evidence is on this alert.'}
          </p>
        ) : (
          <EvidenceTable evidence={alert.linking_evidence} />
        )}
      </section>
      <section aria-label="Samples" class="panel split">
        <Samples title="Sample accounts" ids={alert.sample_accounts} page="accounts" />
        <Samples title="Sample calls (event ids)" ids={alert.sample_event_ids} page={null} />
      </section>
      <section aria-label="The SQL" class="panel">
        <h2>The SQL that gives these figures again</h2>
        <p class="soft">
          Out of the stored windows, to the last digit: exchanges, shares of calls and of prompts, and what the last
          hour says by itself. Rows cannot be added up to what is counted over templates, clients, addresses or calls by
          account.
        </p>
        <Code name="SQL">{alert.query}</Code>
        <Copy text={alert.query} what="the SQL" />
        <h3>Every figure, as it was judged</h3>
        <Code name="SQL of every figure">{alert.figures_query}</Code>
        <Copy text={alert.figures_query} what="the figures' SQL" />
      </section>
      <AlertHistory alert={alert} refresh={refresh} />
    </>
  );
}

function Facts({ alert }: { alert: AlertCase }) {
  return (
    <dl class="facts">
      <Fact name="Accounts">{whole(alert.account_count)}</Fact>
      <Fact name="Exchanges">{whole(alert.exchange_count)}</Fact>
      <Fact name="Before the alert">{whole(alert.exchanges_before_alert)}</Fact>
      <Fact name="Confidence">{percent(alert.confidence)}</Fact>
      <Fact name="First seen">
        <Moment at={alert.first_seen_ms} />
      </Fact>
      <Fact name="Last seen">
        <Moment at={alert.last_seen_ms} />
      </Fact>
      <Fact name="Opened">
        <Moment at={alert.opened_at_ms} />
      </Fact>
      <Fact name="Updated">
        <Moment at={alert.updated_at_ms} />
      </Fact>
      <Fact name={alert.subject_type === 'account' ? 'Account' : 'Cluster'}>
        <a href={linkTo(alert.subject_type === 'account' ? 'accounts' : 'clusters', alert.subject_id)}>
          {alert.subject_id}
        </a>
      </Fact>
      <Fact name="MITRE ATLAS">{alert.atlas_technique}</Fact>
      <Fact name="Rules">
        <code>{alert.rules_hash}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Timeline({ alert }: { alert: AlertCase }) {
  const points = alert.windows
    .map(({ window_end_ms, calls, accounts }) => ({ end: window_end_ms, calls: calls ?? 0, accounts }))
    .reverse();
  const sum = points.reduce((total, { calls }) => total + calls, 0);
  const label = `Exchanges an hour: ${counted(sum, 'exchange')} in ${counted(points.length, 'hour')}`;
  return (
    <section aria-label="Exchanges hour by hour" class="panel">
      <h2>Exchanges hour by hour</h2>
      {points.length === 0 ? (
        <p class="soft">No hourly window is stored yet.</p>
      ) : (
        <>
          <Chart label={label} points={points} step={HOUR} marks={[{ at: alert.opened_at_ms, name: 'alert opened' }]} />
          <details>
            <summary>The same as a table</summary>
            <Table
              name="Hour by hour"
              numbers={['Exchanges', 'Accounts', 'Confidence']}
              heads={['Hour until', 'Exchanges', 'Accounts', 'Verdict', 'Confidence']}
            >
              {alert.windows.map((hour) => (
                <tr key={hour.window_end_ms}>
                  <td>
                    <Time at={hour.window_end_ms} />
                  </td>
                  <td class="number">{whole(hour.calls ?? 0)}</td>
                  <td class="number">{hour.accounts === null ? '' : whole(hour.accounts)}</td>
                  <td>{words(hour.verdict)}</td>
                  <td class="number">{percent(hour.confidence)}</td>
                </tr>
              ))}
            </Table>
          </details>
        </>
      )}
    </section>
  );
}

function Samples({ title, ids, page }: { title: string; ids: readonly string[]; page: string | null }) {
  return (
    <div>
      <h2>{title}</h2>
      {ids.length === 0 && <p class="soft">None kept.</p>}
      <ul class="samples">
        {ids.map((id) => (
          <li key={id}>{page === null ? <code>{id}</code> : <a href={linkTo(page, id)}>{id}</a>}</li>
        ))}
      </ul>
      {ids.length > 0 && (
        <Copy text={ids.join('\n')} what={title.startsWith('Sample accounts') ? 'the accounts' : 'the event ids'} />
      )}
    </div>
  );
}
