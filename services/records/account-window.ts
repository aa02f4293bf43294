import type { Accumulator } from './accumulator.ts';
import type { WindowSize } from './window.ts';

/** What is known of the account behind a window: the version in force when the window ends. All null when the account is unknown. */
export interface AccountProfile {
  plan: string | null;
  organization_id: string | null;
  country: string | null;
  reseller_id: string | null;
  status: string | null;
  verified: boolean | null;
  created_at: number | null;
}

/** One account's calls in one tumbling window: final, written once when the watermark passes `window_end`. Topic `stillwatch.account-windows`. */
export interface AccountWindow {
  account_id: string;
  window_size: WindowSize;
  /** Milliseconds, exclusive. */
  window_end: number;
  profile: AccountProfile;
  accumulator: Accumulator;
}
