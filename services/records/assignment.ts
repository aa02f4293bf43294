import type { LinkKind } from './link-observation.ts';

/** Why accounts are taken for one actor. The attribute's value is masked: enough to recognise it, not enough to leak it. */
export interface LinkEvidence {
  kind: LinkKind;
  attribute: string;
  /** Accounts of the cluster that share it. */
  accounts: number;
  /** 0..1, rarity-weighted. */
  weight: number;
}

/** Which cluster an account belongs to from `effective_at` on. Topic `stillwatch.assignments`, in the partition of the account's windows. */
export interface Assignment {
  account_id: string;
  /** null: linked to nobody any more. */
  cluster_id: string | null;
  /** Counts up for each account. */
  version: number;
  /** Event time in milliseconds: windows that end at or after it use this assignment. */
  effective_at: number;
  reason: 'joined' | 'left' | 'merged' | 'split';
  /** Cluster the account was in before, if any. */
  previous_cluster_id: string | null;
  /** Accounts in the cluster at that moment. */
  cluster_size: number;
  /** Strongest first, at most 8. */
  evidence: LinkEvidence[];
}
