import { createHash } from 'node:crypto';
import { under } from '../../platform/under.ts';
import type { Alert, AlertEvent } from '../../records/alert.ts';
import { clusterOfSubject } from '../../records/subject-window.ts';

const PHASE = {
  'stillwatch.alert.opened': '',
  'stillwatch.alert.updated': 'Update: ',
  'stillwatch.alert.resolved': 'Resolved: ',
} as const;

const VERDICTS = { harvesting: 'Harvesting', coordinated_pool: 'Coordinated pool' } as const;

/** One line: what it is, whose, and where in its life. */
export function titleOf({ type, alert }: AlertEvent): string {
  return `${PHASE[type]}${VERDICTS[alert.verdict]} by ${alert.subject_type} ${alert.subject_id}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** At most so many UTF-16 units, the unit that JavaScript, Slack and PagerDuty's documented limits are safe under; no surrogate pair is cut. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1);
  const endsInHalf = /[\uD800-\uDBFF]$/.test(kept);
  return `${endsInHalf ? kept.slice(0, -1) : kept}…`;
}

/** A link for a person's browser: anything but http and https is left out. */
export function webLink(address: string): string | null {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}

/** Where the console shows an alert, as services/console/page/route.ts reads it; null without the console's public address. */
export function consoleLink(publicUrl: string, { alert_id }: Alert): string | null {
  return publicUrl === '' ? null : webLink(under(publicUrl, `/#/alerts/${encodeURIComponent(alert_id)}`));
}

const LONGEST_KEY = 255;

/** One key for the whole life of an alert, the same at every target: its id; a digest of it in the place of one that is longer than PagerDuty takes. */
export function dedupKey({ alert_id }: Alert): string {
  return alert_id.length <= LONGEST_KEY ? alert_id : `sha256:${createHash('sha256').update(alert_id).digest('hex')}`;
}

/**
 * What one person looks at together, for receivers that group: a cluster and its sub-populations. One campaign is one alert as it is, and two campaigns are never a group: who is busy with
 * one would miss that the other began.
 */
export function groupKey({ subject_type, subject_id }: Alert): string {
  return `${subject_type} ${subject_type === 'cluster' ? clusterOfSubject(subject_id) : subject_id}`;
}
