import { jsonHeaders, type Target, type TargetRequest, type Telling } from './target.ts';
import { clip, consoleLink, dedupKey, groupKey, percent, titleOf, webLink } from './text.ts';

export interface PagerDutyOptions {
  name: string;
  url: string;
  routingKey: string;
  /** The console's, for links to it; none when empty. */
  consoleUrl: string;
  allowPrivateAddress: boolean;
}

const SEVERITY = { page: 'critical', ticket: 'warning', info: 'info' } as const;
const LONGEST_SUMMARY = 1_024;
/** An event of more than 512 KB is refused whole: what is listed is far below it at any length. */
const MOST_LISTED = 20;
const LONGEST_QUERY = 8_000;
const detail = (text: string): string => clip(text, 500);

/** Events API v2. A revision of an open alert triggers again under the same dedup key, which updates the incident's alert instead of opening another. */
export function pagerDutyTarget({ name, allowPrivateAddress, ...options }: PagerDutyOptions): Target {
  return {
    name,
    kind: 'pagerduty',
    allowPrivateAddress,
    request: (telling) => pagerDutyRequest(telling, options),
  };
}

export function pagerDutyRequest(
  { event }: Telling,
  { url, routingKey, consoleUrl }: Omit<PagerDutyOptions, 'name' | 'allowPrivateAddress'>,
): TargetRequest {
  const { alert, emitted_at } = event;
  const key = { routing_key: routingKey, dedup_key: dedupKey(alert) };
  const link = consoleLink(consoleUrl, alert);
  const links = [
    { href: link, text: 'Alert' },
    { href: webLink(alert.runbook_url), text: 'Runbook' },
  ].filter(({ href }) => href !== null);
  const body =
    alert.status === 'resolved'
      ? { ...key, event_action: 'resolve' }
      : {
          ...key,
          event_action: 'trigger',
          client: 'stillwatch',
          ...(link === null ? {} : { client_url: link }),
          ...(links.length === 0 ? {} : { links }),
          payload: {
            // An update keeps the title of its incident: PagerDuty shows the latest summary.
            summary: clip(
              `${titleOf({ ...event, type: 'stillwatch.alert.opened' })}: ${alert.summary}`,
              LONGEST_SUMMARY,
            ),
            source: 'stillwatch',
            severity: SEVERITY[alert.severity],
            timestamp: new Date(emitted_at).toISOString(),
            component: detail(alert.subject_id),
            group: detail(groupKey(alert)),
            class: alert.verdict,
            custom_details: {
              alert_id: detail(alert.alert_id),
              revision: alert.revision,
              confidence: percent(alert.confidence),
              accounts: alert.account_count,
              exchanges: alert.exchange_count,
              exchanges_before_alert: alert.exchanges_before_alert,
              first_seen: new Date(alert.first_seen).toISOString(),
              last_seen: new Date(alert.last_seen).toISOString(),
              cohort: detail(alert.cohort),
              signatures: Object.fromEntries(
                alert.signatures.slice(0, MOST_LISTED).map(({ name, score }) => [detail(name), percent(score)]),
              ),
              linking_evidence: alert.linking_evidence
                .slice(0, MOST_LISTED)
                .map(({ kind, attribute, accounts }) => detail(`${kind} ${attribute}: ${accounts} accounts`)),
              sample_accounts: alert.sample_accounts.slice(0, MOST_LISTED).map(detail),
              atlas_technique: alert.atlas_technique,
              rules_hash: alert.rules_hash,
              query: clip(alert.query, LONGEST_QUERY),
            },
          },
        };
  return { url, headers: jsonHeaders(event), body: JSON.stringify(body) };
}
