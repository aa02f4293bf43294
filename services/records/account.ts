/** One version of an account (compacted topic `llm.accounts`, key `account_id`). A tombstone removes the account. */
export interface Account {
  account_id: string;
  /** Milliseconds since the epoch. */
  created_at: number;
  /** Milliseconds since the epoch: this version is in force from here on. */
  updated_at: number;
  organization_id: string | null;
  /** free, pay_as_you_go, team, enterprise, reseller, ... */
  plan: string;
  payment_fingerprint: string | null;
  payment_bin: string | null;
  signup_ip: string | null;
  signup_device: string | null;
  email_domain: string | null;
  country: string | null;
  reseller_id: string | null;
  verified: boolean | null;
  /** active, suspended, closed. */
  status: string;
}

/** A message of the accounts topic: a version, or a tombstone (`account` null) that removes the account from `at` on. */
export interface AccountChange {
  account_id: string;
  account: Account | null;
  /** Event time: `updated_at` of a version, the message's time stamp for a tombstone. */
  at: number;
}
