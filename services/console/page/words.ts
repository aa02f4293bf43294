import type { AlertRow } from '../schemas/alert.ts';
import { span } from './times.ts';

/** How figures and names are written. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const words = (name: string): string => name.replaceAll(/[_-]/g, ' ');
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${whole(number)} ${number === 1 ? one : many}`;

/** Three significant digits at least. */
export function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return whole(value);
  return String(Number(value.toPrecision(3)));
}

type Told = Pick<
  AlertRow,
  | 'verdict'
  | 'severity'
  | 'status'
  | 'subject_type'
  | 'subject_id'
  | 'account_count'
  | 'exchange_count'
  | 'confidence'
  | 'is_acknowledged'
  | 'first_seen_ms'
  | 'last_seen_ms'
>;

/** Who, how many exchanges, how sure. */
export function sentence(alert: Told): string {
  const isPart = alert.subject_type === 'cluster' && alert.subject_id.includes('~');
  const who =
    alert.subject_type === 'account'
      ? 'One account'
      : `${whole(alert.account_count)} ${isPart ? 'accounts of a larger pool, alike in what they ask,' : 'accounts that look like one actor'}`;
  const what = `${counted(alert.exchange_count, 'exchange')} in ${span(Math.max(0, alert.last_seen_ms - alert.first_seen_ms))}`;
  const why =
    alert.verdict === 'harvesting'
      ? 'consistent with harvesting answers to train a model'
      : 'run as one pool, but what they ask does not look like training data';
  return `${who} made ${what}: ${why}.`;
}

/** How sure, and what that is worth. */
export function certainty({ confidence, verdict }: Told): string {
  const odds = `${percent(confidence)} sure`;
  if (verdict === 'coordinated_pool') return `${odds} that it is a campaign. Linkage is not guilt.`;
  if (confidence >= 0.9) return `${odds} that it is a campaign.`;
  return `${odds} that it is a campaign: look for an innocent answer first.`;
}

/** What to do next: the runbook's first step for this verdict and severity. */
export function nextStep({ status, verdict, severity, subject_type, is_acknowledged }: Told): string {
  if (status === 'resolved') return 'It has been quiet for a day. Mark what it was, so that precision can be measured.';
  if (verdict === 'coordinated_pool')
    return 'Usually nothing. Look whether the pool is known; do not limit accounts on this verdict.';
  const check =
    'Read three sample calls, see how they are worked off, and see what joins the accounts. If all three convince you, rate-limit first, then suspend.';
  if (subject_type === 'account') return 'Ask the customer before anything else; then mark what it was.';
  if (severity === 'ticket') return `Look at it in working hours. ${check}`;
  return is_acknowledged ? check : `Acknowledge it. ${check}`;
}
