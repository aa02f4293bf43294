import type { Account } from '../records/account.ts';
import { id, optionalFlag, optionalText, type TimeBounds, time, type Violation } from './field-checks.ts';

/**
 * The first violation found, or null. `created_at` may be older than `earliest`: accounts are older than the traffic that is looked at.
 * `plan` and `status` are open lists (the contract ends them with "..."): any short text.
 */
export function validateAccount(account: Account, bounds: TimeBounds): Violation | null {
  const sinceEpoch = { earliest: 0, latest: bounds.latest };
  return (
    id(account.account_id, 'account_id') ??
    time(account.created_at, 'created_at', sinceEpoch) ??
    time(account.updated_at, 'updated_at', sinceEpoch) ??
    id(account.plan, 'plan') ??
    id(account.status, 'status') ??
    optionalText(account.organization_id, 'organization_id') ??
    optionalText(account.payment_fingerprint, 'payment_fingerprint') ??
    optionalText(account.payment_bin, 'payment_bin') ??
    optionalText(account.signup_ip, 'signup_ip') ??
    optionalText(account.signup_device, 'signup_device') ??
    optionalText(account.email_domain, 'email_domain') ??
    optionalText(account.country, 'country') ??
    optionalText(account.reseller_id, 'reseller_id') ??
    optionalFlag(account.verified, 'verified')
  );
}
