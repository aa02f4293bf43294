import type { AccountWindow } from '../../records/account-window.ts';
import { windowLength } from '../../records/window.ts';
import { featureColumns } from './features.ts';
import { dateTime } from './time.ts';

/** A row of account_windows. */
export function accountWindowRow({
  account_id,
  window_size,
  window_end,
  profile,
  accumulator,
}: AccountWindow): Record<string, unknown> {
  return {
    account_id,
    window_size,
    window_start: dateTime(window_end - windowLength(window_size)),
    window_end: dateTime(window_end),
    plan: profile.plan ?? '',
    organization_id: profile.organization_id ?? '',
    country: profile.country ?? '',
    account_status: profile.status ?? 'unknown',
    verified: profile.verified,
    first_seen: dateTime(accumulator.first_seen),
    last_seen: dateTime(accumulator.last_seen),
    ...featureColumns({ accumulator, size: window_size, members: null }),
  };
}
