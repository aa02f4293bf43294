import type { AccountWindow } from '../../records/account-window.ts';
import type { Assignment, LinkEvidence } from '../../records/assignment.ts';
import type { Membership } from '../../records/membership.ts';
import { type Activity, type SubActivity, subjectOf } from '../../records/subject-window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { type AccountActivity, createActivity, observeActivity } from './activity.ts';

/** Where a linked account belongs. Plain data. */
export interface Affiliation {
  clusterId: string;
  evidence: LinkEvidence[];
  activity: AccountActivity;
  /** The sub-population last told of it; null: none. */
  subjectId: string | null;
}

/** Which cluster and which of its sub-populations each account is in, now. */
export interface Affiliations {
  of(accountId: string): Affiliation | undefined;
  /** Takes an assignment that comes into force; returns what changes in the sub-populations. */
  assign(assignment: Assignment): Membership[];
  /** Takes what a linked account did up to the end of a window. */
  observe(window: AccountWindow): Membership[];
}

export function createAffiliations(tables: StateTables): Affiliations {
  const linked = tables.table<Affiliation>('affiliations');
  const versions = tables.table<number>('membership-versions');

  /** What has to be told so that the account is known to be in `subjectId` and in nothing else. */
  const move = (accountId: string, from: string | null, to: string | null, at: number): Membership[] => {
    if (from === to) return [];
    const told: Membership[] = [];
    let version = versions.get(accountId) ?? 0;
    for (const [subject_id, change] of [
      [from, 'left'],
      [to, 'joined'],
    ] as const) {
      if (subject_id === null) continue;
      version++;
      told.push({ account_id: accountId, subject_id, version, effective_at: at, change });
    }
    versions.set(accountId, version);
    return told;
  };

  return {
    of: (accountId) => linked.get(accountId),
    assign({ account_id, cluster_id, evidence, effective_at }) {
      const known = linked.get(account_id);
      if (cluster_id === null) {
        linked.delete(account_id);
        return move(account_id, known?.subjectId ?? null, null, effective_at);
      }
      const activity = known?.activity ?? createActivity();
      const subjectId = subjectIn(cluster_id, activity.activity);
      linked.set(account_id, { clusterId: cluster_id, evidence, activity, subjectId });
      return move(account_id, known?.subjectId ?? null, subjectId, effective_at);
    },
    observe({ account_id, accumulator, window_end }) {
      const known = linked.get(account_id);
      if (known === undefined) return [];
      observeActivity(known.activity, accumulator, window_end);
      const before = known.subjectId;
      known.subjectId = subjectIn(known.clusterId, known.activity.activity);
      linked.set(account_id, known);
      return move(account_id, before, known.subjectId, window_end);
    },
  };
}

function subjectIn(clusterId: string, activity: Activity): string | null {
  return isSub(activity) ? subjectOf(clusterId, activity) : null;
}

function isSub(activity: Activity): activity is SubActivity {
  return activity === 'product' || activity === 'agentic';
}
