import { createProfileTable } from '../../services/calls/profile-table.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import type { Account } from '../../services/records/account.ts';
import type { AlertEvent } from '../../services/records/alert.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import type { Assignment } from '../../services/records/assignment.ts';
import type { Membership } from '../../services/records/membership.ts';
import type { ClusterWindow } from '../../services/records/subject-window.ts';
import { type Chain, type ChainOutput, createChain } from '../../services/replay/chain.ts';
import { createFlaggedAccounts, type FlaggedAccount } from '../../services/replay/flagged-accounts.ts';
import { initialVersion } from '../../services/rules/version.ts';
import { enrichWith, shippedRules } from './shipped.ts';

export interface ChainRun {
  alerts: AlertEvent[];
  assignments: Assignment[];
  memberships: Membership[];
  flagged: FlaggedAccount[];
  clusterWindows: ClusterWindow[];
}

const GRACE = 60_000;

/** The whole line in this process, with the rules that come with stillwatch, knowing these accounts. */
export function openTestChain(accounts: readonly Account[], output: ChainOutput): Chain {
  const hasher = createHasher('a key for tests');
  const profiles = createProfileTable();
  const chain = createChain({
    enrich: enrichWith(hasher),
    hasher,
    rules: [initialVersion(shippedRules())],
    grace: GRACE,
    database: 'stillwatch',
    runbooks: '',
    profileAt: profiles.profileAt,
    output,
  });
  for (const account of accounts) {
    profiles.apply(account);
    chain.account({ account_id: account.account_id, account, at: account.updated_at });
  }
  return chain;
}

/** All that comes out of it. */
export async function runChain(accounts: readonly Account[], calls: readonly ApiCall[]): Promise<ChainRun> {
  const run: ChainRun = { alerts: [], assignments: [], memberships: [], flagged: [], clusterWindows: [] };
  const flagged = createFlaggedAccounts(GRACE, (line) => run.flagged.push(line));
  const chain = openTestChain(accounts, {
    accountWindow() {},
    clusterWindow: (window) => run.clusterWindows.push(window),
    assignment(assignment) {
      run.assignments.push(assignment);
      flagged.assignment(assignment);
    },
    membership(membership) {
      run.memberships.push(membership);
      flagged.membership(membership);
    },
    alert(event) {
      run.alerts.push(event);
      flagged.alert(event);
    },
    late() {},
    count() {},
  });
  for (const [i, call] of calls.entries()) chain.call(call, { topic: 'test', partition: 0, offset: String(i) });
  chain.end();
  return run;
}
