import {
  ACTIVITIES,
  type Activity,
  activitiesOf,
  type ProductLevel,
  type SubActivity,
} from '../../records/subject-window.ts';
import type { Share } from '../share-limits.ts';

/** What accounts of a cluster do, once it is said from which level on they harvest: who is below it is undecided on, being above nothing that matters. */
export type Group = 'product' | 'agentic' | 'other' | 'undecided';
export const GROUPS: readonly Group[] = ['product', 'agentic', 'other', 'undecided'];

/** Groups that can be judged by themselves. */
export type SubGroup = 'product' | 'agentic';
export const SUB_GROUPS: readonly SubGroup[] = ['product', 'agentic'];

/** One group of a cluster over the last day. */
export interface GroupShare {
  /** Of the undecided those that were nothing else all day. */
  accounts: number;
  /** Prompts that ask for training data, of those of which that is known. */
  marked: Share;
  /** How many accounts share a template in the same hour, on average; null without text. */
  accountsPerTemplate: number | null;
}
export type GroupShares = Readonly<Record<Group, GroupShare>>;

/** Whatever they do. */
export function accountsIn(shares: GroupShares): number {
  return GROUPS.reduce((sum, group) => sum + shares[group].accounts, 0);
}

/** Of whom it is not known that they harvest. */
export function othersIn(shares: GroupShares): number {
  return accountsIn(shares) - shares.product.accounts;
}

/** Of the prompts of all, those that ask for training data. */
export function markedIn(shares: GroupShares): Share {
  const marked = { part: 0, whole: 0 };
  for (const group of GROUPS) {
    marked.part += shares[group].marked.part;
    marked.whole += shares[group].marked.whole;
  }
  return marked;
}

export function activitiesIn(group: Group, level: ProductLevel): readonly Activity[] {
  return ACTIVITIES.filter((activity) => groupOf(activity, level) === group);
}

export function subActivityOf(group: SubGroup, level: ProductLevel): SubActivity {
  return group === 'product' ? level : group;
}

export function subGroupOf(sub: SubActivity): SubGroup {
  return sub === 'agentic' ? sub : 'product';
}

function groupOf(activity: Activity, level: ProductLevel): Group {
  if (activity === 'agentic' || activity === 'other' || activity === 'undecided') return activity;
  return activitiesOf(level).includes(activity) ? 'product' : 'undecided';
}
