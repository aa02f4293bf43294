import type { Membership } from '../../records/membership.ts';
import { tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

/** A row of memberships. */
export const membershipRow = tableRow<Membership>({
  account_id: ({ account_id }) => account_id,
  version: ({ version }) => version,
  subject_id: ({ subject_id }) => subject_id,
  effective_at: ({ effective_at }) => dateTime(effective_at),
  change: ({ change }) => change,
});
