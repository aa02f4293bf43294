import type { Membership } from '../../records/membership.ts';
import { dateTime } from './time.ts';

/** A row of memberships. */
export function membershipRow({
  account_id,
  subject_id,
  version,
  effective_at,
  change,
}: Membership): Record<string, unknown> {
  return { account_id, version, subject_id, effective_at: dateTime(effective_at), change };
}
