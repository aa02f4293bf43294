import type { AccountWindow } from '../../records/account-window.ts';
import { windowLength } from '../../records/window.ts';
import { FEATURE_COLUMNS, featureValues } from './features.ts';
import { rowOf, tableRow } from './table-row.ts';
import { dateTime } from './time.ts';

const OWN = tableRow<AccountWindow>({
  account_id: ({ account_id }) => account_id,
  window_size: ({ window_size }) => window_size,
  window_start: ({ window_end, window_size }) => dateTime(window_end - windowLength(window_size)),
  window_end: ({ window_end }) => dateTime(window_end),
  plan: ({ profile }) => profile.plan ?? '',
  organization_id: ({ profile }) => profile.organization_id ?? '',
  country: ({ profile }) => profile.country ?? '',
  account_status: ({ profile }) => profile.status ?? 'unknown',
  verified: ({ profile }) => profile.verified,
  first_seen: ({ accumulator }) => dateTime(accumulator.first_seen),
  last_seen: ({ accumulator }) => dateTime(accumulator.last_seen),
});

/** A row of account_windows. */
export const accountWindowRow = rowOf<AccountWindow>([...OWN.columns, ...FEATURE_COLUMNS], (window) => [
  ...OWN.values(window),
  ...featureValues({ accumulator: window.accumulator, size: window.window_size, members: null }),
]);
