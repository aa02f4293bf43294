import type { Alert, Severity } from '../records/alert.ts';
import type { FlaggedAccount } from './flagged-accounts.ts';

/** What one replay said of one campaign, from its first message to its last. */
export interface AlertHistory {
  alert_id: string;
  opened_at: number;
  severity: Severity;
  verdict: Alert['verdict'];
  account_count: number;
  exchanges_before_alert: number;
}

export type AlertChange = 'only_a' | 'only_b' | 'severity' | 'time';

/** As people are told. */
export const CHANGE_NAMES: Readonly<Record<AlertChange, string>> = {
  only_a: 'only A',
  only_b: 'only B',
  severity: 'severity',
  time: 'time',
};

export interface AlertDifference {
  change: AlertChange;
  alert_id: string;
  a: AlertHistory | null;
  b: AlertHistory | null;
}

export interface AccountDifference {
  account_id: string;
  /** Highest severity of an alert that it was part of; null: of none. */
  a: Severity | null;
  b: Severity | null;
}

export interface ReplayDifference {
  alerts: AlertDifference[];
  accounts: AccountDifference[];
  /** Alerts that are the same in both: id, highest severity and opening. */
  same: number;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, ticket: 1, page: 2 };

function higher(a: Severity | null, b: Severity): Severity {
  return a === null || RANK[b] > RANK[a] ? b : a;
}

/** Gathers the messages of one replay, in the order in which they were published. */
export function createReplayHistory() {
  const alerts = new Map<string, AlertHistory>();
  const accounts = new Map<string, Severity>();
  return {
    alerts,
    accounts,
    alert({ alert_id, opened_at, severity, verdict, account_count, exchanges_before_alert }: Alert): void {
      const known = alerts.get(alert_id);
      if (known === undefined) {
        alerts.set(alert_id, { alert_id, opened_at, severity, verdict, account_count, exchanges_before_alert });
        return;
      }
      if (RANK[severity] > RANK[known.severity]) {
        known.severity = severity;
        known.verdict = verdict;
      }
      known.account_count = Math.max(known.account_count, account_count);
    },
    flagged({ account_id, severity }: FlaggedAccount): void {
      accounts.set(account_id, higher(accounts.get(account_id) ?? null, severity));
    },
  };
}

export type ReplayHistory = ReturnType<typeof createReplayHistory>;

/** What two replays of the same input say differently. A change of severity goes before one of time; both are on the row. */
export function compareReplays(a: ReplayHistory, b: ReplayHistory): ReplayDifference {
  const alerts: AlertDifference[] = [];
  let same = 0;
  for (const id of sortedKeys(a.alerts, b.alerts)) {
    const left = a.alerts.get(id) ?? null;
    const right = b.alerts.get(id) ?? null;
    const change = changeOf(left, right);
    if (change === null) same++;
    else alerts.push({ change, alert_id: id, a: left, b: right });
  }
  const accounts: AccountDifference[] = [];
  for (const id of sortedKeys(a.accounts, b.accounts)) {
    const left = a.accounts.get(id) ?? null;
    const right = b.accounts.get(id) ?? null;
    if (left !== right) accounts.push({ account_id: id, a: left, b: right });
  }
  return { alerts, accounts, same };
}

function changeOf(a: AlertHistory | null, b: AlertHistory | null): AlertChange | null {
  if (a === null) return 'only_b';
  if (b === null) return 'only_a';
  if (a.severity !== b.severity) return 'severity';
  return a.opened_at === b.opened_at ? null : 'time';
}

function sortedKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort();
}
