import { useState } from 'preact/hooks';
import {
  type AccountDifference,
  type AlertHistory,
  CHANGE_NAMES,
  type ReplayDifference,
} from '../../../replay/compare.ts';
import { counted, whole } from '../words.ts';
import { Moment, Severity, Table } from './small.tsx';

/** What `stillwatch backtest --json` prints. */
interface Backtest extends ReplayDifference {
  a: { file: string; hash: string };
  b: { file: string; hash: string };
}

const MOST = 200;

/** The difference between two rule files, of a file that `backtest` wrote. It is read in the browser and sent nowhere: it names accounts. */
export function BacktestDifference() {
  const [backtest, setBacktest] = useState<Backtest | null>(null);
  const [error, setError] = useState<string | null>(null);
  const open = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setBacktest(null);
    setError(null);
    const read = readBacktest(await file.text());
    if (read === null) setError(`${file.name} is not what stillwatch backtest --json prints.`);
    else setBacktest(read);
  };
  return (
    <section aria-label="Backtest" class="panel">
      <h2>What other rules would have said</h2>
      <p class="soft">
        <code>stillwatch backtest --rules now.yaml --rules new.yaml --calls … --json &gt; backtest.json</code> replays
        the same calls under both. The file stays in this browser.
      </p>
      <label>
        Difference to show
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => void open(event.currentTarget.files?.[0])}
        />
      </label>
      {error !== null && (
        <p class="trouble" role="alert">
          {error}
        </p>
      )}
      {backtest !== null && <Difference backtest={backtest} />}
    </section>
  );
}

/** Null: it is something else. */
function readBacktest(text: string): Backtest | null {
  try {
    const read = JSON.parse(text) as Partial<Backtest> | null;
    const isWhole =
      Array.isArray(read?.alerts) &&
      read.alerts.every(({ alert_id, a, b }) => typeof alert_id === 'string' && isHistory(a) && isHistory(b)) &&
      Array.isArray(read.accounts) &&
      read.accounts.every(({ account_id }) => typeof account_id === 'string') &&
      typeof read.same === 'number' &&
      typeof read.a?.hash === 'string' &&
      typeof read.b?.hash === 'string';
    return isWhole ? (read as Backtest) : null;
  } catch {
    return null;
  }
}

function isHistory(history: AlertHistory | null): boolean {
  return history === null || (Number.isSafeInteger(history.opened_at) && typeof history.severity === 'string');
}

function Difference({ backtest: { a, b, alerts, accounts, same } }: { backtest: Backtest }) {
  return (
    <>
      <p>
        A is <code>{a.file}</code> ({a.hash}), B is <code>{b.file}</code> ({b.hash}).{' '}
        <b>
          {counted(alerts.length, 'alert')} and {counted(accounts.length, 'account')} differ
        </b>
        , {counted(same, 'alert')} the same.
      </p>
      {alerts.length > 0 && (
        <Table
          name="Alerts that differ"
          numbers={['Accounts']}
          heads={['Change', 'Alert', 'Severity A', 'Severity B', 'Opened A', 'Opened B', 'Accounts']}
        >
          {alerts.slice(0, MOST).map((row) => (
            <tr key={row.alert_id}>
              <td>{CHANGE_NAMES[row.change]}</td>
              <td class="wide">{row.alert_id}</td>
              <td>{severityOf(row.a)}</td>
              <td>{severityOf(row.b)}</td>
              <td>{row.a === null ? 'never' : <Moment at={row.a.opened_at} />}</td>
              <td>{row.b === null ? 'never' : <Moment at={row.b.opened_at} />}</td>
              <td class="number">{whole((row.b ?? row.a)?.account_count ?? 0)}</td>
            </tr>
          ))}
        </Table>
      )}
      {accounts.length > 0 && (
        <Table name="Accounts that differ" heads={['Account', 'A', 'B']}>
          {accounts.slice(0, MOST).map(({ account_id, a: before, b: after }: AccountDifference) => (
            <tr key={account_id}>
              <td class="wide">
                <a href={`#/accounts/${encodeURIComponent(account_id)}`}>{account_id}</a>
              </td>
              <td>{before === null ? 'none' : <Severity of={before} />}</td>
              <td>{after === null ? 'none' : <Severity of={after} />}</td>
            </tr>
          ))}
        </Table>
      )}
      {Math.max(alerts.length, accounts.length) > MOST && <p class="soft">The first {MOST} of each are shown.</p>}
    </>
  );
}

function severityOf(history: AlertHistory | null) {
  return history === null ? 'none' : <Severity of={history.severity} />;
}
