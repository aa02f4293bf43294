import type { AlertEvent, Severity } from '../records/alert.ts';
import type { Assignment } from '../records/assignment.ts';
import type { Membership } from '../records/membership.ts';

/** A line of flagged-accounts.jsonl. `unflagged_at` is there when the account leaves the alert again. */
export interface FlaggedAccount {
  account_id: string;
  alert_id: string;
  verdict: string;
  severity: Severity;
  flagged_at: number;
  unflagged_at?: number;
}

/** What is remembered between two messages. Plain data. */
export interface FlaggedState {
  clusterOf: Map<string, string>;
  /** Accounts of each cluster and sub-population, and since when. */
  members: Map<string, Map<string, number>>;
  open: Map<string, AlertEvent>;
  flagged: Map<string, Map<string, FlaggedAccount>>;
}

/**
 * Which accounts are part of an open alert: those of its cluster or sub-population at each of its messages. Whoever joins later is part of it from the next
 * message on, which was judged with him: he may be the reason that it is lowered. One line the first time at each severity, and one when the account leaves or
 * the alert resolves.
 */
export function createFlaggedAccounts(
  grace: number,
  write: (line: FlaggedAccount) => void,
  restored: FlaggedState = { clusterOf: new Map(), members: new Map(), open: new Map(), flagged: new Map() },
) {
  const { clusterOf, members, open, flagged } = restored;

  const flag = (accountId: string, { alert }: AlertEvent, at: number): void => {
    const known = flagged.get(accountId) ?? new Map<string, FlaggedAccount>();
    flagged.set(accountId, known);
    const name = `${alert.alert_id} ${alert.severity}`;
    if (known.has(name)) return;
    const line = {
      account_id: accountId,
      alert_id: alert.alert_id,
      verdict: alert.verdict,
      severity: alert.severity,
      flagged_at: at,
    };
    known.set(name, line);
    write(line);
  };
  const unflag = (accountId: string, alertId: string, at: number): void => {
    const known = flagged.get(accountId);
    for (const [name, line] of known ?? []) {
      if (line.alert_id !== alertId) continue;
      write({ ...line, unflagged_at: at });
      known?.delete(name);
    }
  };
  const accountsOf = (event: AlertEvent): string[] => {
    const { subject_type, subject_id } = event.alert;
    if (subject_type === 'account') return [subject_id];
    const joined = [...(members.get(subject_id) ?? [])].filter(([, since]) => since <= event.emitted_at);
    return joined.map(([accountId]) => accountId).sort();
  };

  const join = (accountId: string, subjectId: string, at: number): void => {
    const joined = members.get(subjectId) ?? new Map<string, number>();
    members.set(subjectId, joined.set(accountId, joined.get(accountId) ?? at));
  };
  const leave = (accountId: string, subjectId: string, at: number): void => {
    members.get(subjectId)?.delete(accountId);
    const event = open.get(subjectId);
    if (event !== undefined) unflag(accountId, event.alert.alert_id, at);
  };

  return {
    save: (): FlaggedState => ({ clusterOf, members, open, flagged }),
    assignment({ account_id, cluster_id, effective_at }: Assignment): void {
      const before = clusterOf.get(account_id);
      if (before !== undefined && before !== cluster_id) leave(account_id, before, effective_at + grace);
      if (cluster_id === null) {
        clusterOf.delete(account_id);
        return;
      }
      clusterOf.set(account_id, cluster_id);
      join(account_id, cluster_id, effective_at + grace);
    },
    membership({ account_id, subject_id, effective_at, change }: Membership): void {
      if (change === 'joined') join(account_id, subject_id, effective_at + grace);
      else leave(account_id, subject_id, effective_at + grace);
    },
    alert(event: AlertEvent): void {
      if (event.alert.status === 'resolved') {
        open.delete(event.alert.subject_id);
        for (const accountId of accountsOf(event)) unflag(accountId, event.alert.alert_id, event.emitted_at);
        return;
      }
      open.set(event.alert.subject_id, event);
      for (const accountId of accountsOf(event)) flag(accountId, event, event.emitted_at);
    },
  };
}
