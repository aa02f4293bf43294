import type { AccountWindow } from '../../records/account-window.ts';
import type { Assignment, LinkEvidence } from '../../records/assignment.ts';
import type { Membership } from '../../records/membership.ts';
import { type Activity, subActivitiesOf, subjectOf } from '../../records/subject-window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { type AccountActivity, createActivity, observeActivity } from './activity.ts';

/** Where a linked account belongs. Plain data. */
export interface Affiliation {
  clusterId: string;
  evidence: LinkEvidence[];
  activity: AccountActivity;
  /** The sub-populations last told of it. */
  subjectIds: string[];
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

  /** What has to be told so that the account is known to be in these and in nothing else. */
  const move = (accountId: string, from: readonly string[], to: readonly string[], at: number): Membership[] => {
    const changes = [
      ...from.filter((id) => !to.includes(id)).map((id) => [id, 'left'] as const),
      ...to.filter((id) => !from.includes(id)).map((id) => [id, 'joined'] as const),
    ];
    if (changes.length === 0) return [];
    const before = versions.get(accountId) ?? 0;
    versions.set(accountId, before + changes.length);
    return changes.map(([subject_id, change], place) => ({
      account_id: accountId,
      subject_id,
      version: before + place + 1,
      effective_at: at,
      change,
    }));
  };

  return {
    of: (accountId) => linked.get(accountId),
    assign({ account_id, cluster_id, evidence, effective_at }) {
      const known = linked.get(account_id);
      if (cluster_id === null) {
        linked.delete(account_id);
        return move(account_id, known?.subjectIds ?? [], [], effective_at);
      }
      const activity = known?.activity ?? createActivity();
      const subjectIds = subjectsIn(cluster_id, activity.activity);
      linked.set(account_id, { clusterId: cluster_id, evidence, activity, subjectIds });
      return move(account_id, known?.subjectIds ?? [], subjectIds, effective_at);
    },
    observe({ account_id, accumulator, window_end }) {
      const known = linked.get(account_id);
      if (known === undefined) return [];
      observeActivity(known.activity, accumulator, window_end);
      const before = known.subjectIds;
      known.subjectIds = subjectsIn(known.clusterId, known.activity.activity);
      linked.set(account_id, known);
      return move(account_id, before, known.subjectIds, window_end);
    },
  };
}

function subjectsIn(clusterId: string, activity: Activity): string[] {
  return subActivitiesOf(activity).map((sub) => subjectOf(clusterId, sub));
}
