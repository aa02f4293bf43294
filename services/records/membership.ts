/**
 * An account joins or leaves a sub-population of its cluster: together with the assignments, exactly which accounts an alert about a sub-population
 * speaks of. An account that changes its cluster leaves the sub-population of the old one at that moment. Topic `stillwatch.memberships`, in the partition
 * of the account's windows.
 */
export interface Membership {
  account_id: string;
  subject_id: string;
  /** Counts up for each account. */
  version: number;
  /** Event time in milliseconds: windows that end at or after it count the account in, or no longer. */
  effective_at: number;
  change: 'joined' | 'left';
}
